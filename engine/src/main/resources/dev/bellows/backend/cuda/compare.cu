// out[i] = f(a[i], b[i]) and f(a[i], scalar), BOOL, for the element type A; the names of kernels with
// a scalar end in _S.

#ifdef FLOATING
#define SCALAR p.real
#else
#define SCALAR p.whole
#endif

typedef A::C C;

#define BINARY(NAME, B, EXPRESSION) \
  KERNEL(NAME, Binary) { \
    map2<A, B>(p.walk, p.a, p.b, p.out, [&](C x, C y) { return EXPRESSION; }); \
  } \
  KERNEL(NAME##_S, WithScalar) { \
    C y = (C)SCALAR; \
    map1<A, B>(p.walk, p.a, p.out, [&](C x) { return EXPRESSION; }); \
  }

BINARY(EQ, BOOL, (i64)(x == y))
BINARY(NE, BOOL, (i64)(x != y))
BINARY(LT, BOOL, (i64)(x < y))
BINARY(LE, BOOL, (i64)(x <= y))
BINARY(GT, BOOL, (i64)(x > y))
BINARY(GE, BOOL, (i64)(x >= y))
BINARY(LOGICAL_AND, BOOL, (i64)(x != 0 && y != 0))
BINARY(LOGICAL_OR, BOOL, (i64)(x != 0 || y != 0))
BINARY(LOGICAL_XOR, BOOL, (i64)((x != 0) != (y != 0)))
