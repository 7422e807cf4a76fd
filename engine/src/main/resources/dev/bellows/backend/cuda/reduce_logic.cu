// Whether any element is not 0, or all are not.

REDUCTION(ANY, WIDE, Any)
REDUCTION(ALL, WIDE, All)
