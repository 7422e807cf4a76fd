// The other reductions.

REDUCTION(PROD, WIDE, Product)
REDUCTION(MIN, WIDE, Smallest)
REDUCTION(ANY, WIDE, Any)
REDUCTION(ALL, WIDE, All)
