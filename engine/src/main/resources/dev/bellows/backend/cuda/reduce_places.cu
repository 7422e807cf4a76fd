// Positions of extremes.

REDUCTION(ARG_MAX, 1, First<true>)
REDUCTION(ARG_MIN, 1, First<false>)
