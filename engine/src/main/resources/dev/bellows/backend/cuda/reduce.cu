// Sums and largest values, which training is full of.

REDUCTION(SUM, WIDE, Sum)
REDUCTION(MAX, WIDE, Largest)
