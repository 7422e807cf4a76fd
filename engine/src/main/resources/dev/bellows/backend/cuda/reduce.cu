// Sums and maxima, the most frequent reductions in training.

REDUCTION(SUM, WIDE, Sum)
REDUCTION(MAX, WIDE, Largest)
