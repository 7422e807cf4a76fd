// Products and minima.

REDUCTION(PROD, WIDE, Product)
REDUCTION(MIN, WIDE, Smallest)
