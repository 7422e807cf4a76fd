// Products and smallest values.

REDUCTION(PROD, WIDE, Product)
REDUCTION(MIN, WIDE, Smallest)
