// out[i] = f(a[i]) for the element type A: one kernel for each function. FLOAT32 and the halves are
// computed with in float.

typedef A::C C;

#define UNARY(NAME, B, EXPRESSION) \
  KERNEL(NAME, Unary) { \
    map1<A, B>(p.walk, p.a, p.out, [&](C x) { return EXPRESSION; }); \
  }

UNARY(LOGICAL_NOT, BOOL, (i64)(x == 0))

#ifdef FLOATING

#define COMMON(NAME, EXPRESSION) UNARY(NAME, A, (C)(EXPRESSION))

COMMON(NEG, -x)
COMMON(ABS, fabs(x))
COMMON(SIGN, x > 0 ? C(1) : x < 0 ? C(-1) : C(0))
COMMON(EXP, exp(x))
COMMON(LOG, log(x))
COMMON(SQRT, sqrt(x))
COMMON(RECIPROCAL, C(1) / x)
COMMON(TANH, tanh(x))
COMMON(SIGMOID, C(1) / (C(1) + exp(-x)))
COMMON(RELU, x <= 0 ? C(0) : x)
COMMON(SIN, sin(x))
COMMON(COS, cos(x))
COMMON(FLOOR, floor(x))
COMMON(CEIL, ceil(x))
COMMON(ROUND, rint(x))
COMMON(TRUNC, trunc(x))

#else

DEVICE i64 reciprocal(i64 x, Address fault) {
  if (x == 0) {
    report(fault, FAULT_DIVISOR, DETAIL_RECIPROCAL, 1, 0);
    return 0;
  }
  return 1 / x;
}

UNARY(NEG, A, (i64)(0 - (u64)x))
UNARY(ABS, A, absolute(x))
UNARY(SIGN, A, (i64)(x > 0) - (i64)(x < 0))
UNARY(RELU, A, larger(x, (i64)0))
UNARY(RECIPROCAL, A, reciprocal(x, p.fault))
UNARY(BITWISE_NOT, A, BITWISE_NOT_OF(x))
UNARY(FLOOR, A, x)
UNARY(CEIL, A, x)
UNARY(ROUND, A, x)
UNARY(TRUNC, A, x)

#endif
