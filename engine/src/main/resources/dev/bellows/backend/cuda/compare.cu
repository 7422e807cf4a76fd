// out[i] = f(a[i], b[i]) and f(a[i], scalar), BOOL, for the element type A; the names of kernels with
// a scalar end in _S.

BINARY(EQ, BOOL, (i64)(x == y))
BINARY(NE, BOOL, (i64)(x != y))
BINARY(LT, BOOL, (i64)(x < y))
BINARY(LE, BOOL, (i64)(x <= y))
BINARY(GT, BOOL, (i64)(x > y))
BINARY(GE, BOOL, (i64)(x >= y))
BINARY(LOGICAL_AND, BOOL, (i64)(x != 0 && y != 0))
BINARY(LOGICAL_OR, BOOL, (i64)(x != 0 || y != 0))
BINARY(LOGICAL_XOR, BOOL, (i64)((x != 0) != (y != 0)))
