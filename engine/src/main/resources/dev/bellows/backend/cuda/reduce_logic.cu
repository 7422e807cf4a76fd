// Whether any element is nonzero, or all are.

REDUCTION(ANY, WIDE, Any)
REDUCTION(ALL, WIDE, All)
