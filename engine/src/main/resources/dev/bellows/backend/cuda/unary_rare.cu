// out[i] = f(a[i]) for a floating element type A: functions that are computed in double and then
// rounded.

#define RARE(NAME, FUNCTION) \
  KERNEL(NAME, Unary) { \
    each1<A, A>(p.walk, p.a, p.out, [](A::C x) { return (double)FUNCTION((double)x); }); \
  }

RARE(RSQRT, 1 / sqrt)
RARE(EXP2, exp2)
RARE(EXPM1, expm1)
RARE(LOG2, log2)
RARE(LOG10, log10)
RARE(LOG1P, log1p)
RARE(TAN, tan)
RARE(ASIN, asin)
RARE(ACOS, acos)
RARE(ATAN, atan)
RARE(SINH, sinh)
RARE(COSH, cosh)
RARE(ASINH, asinh)
RARE(ACOSH, acosh)
RARE(ATANH, atanh)
RARE(ERF, erf)
RARE(ERFC, erfc)
RARE(ERFINV, erfinv)
RARE(LGAMMA, logGamma)
RARE(DIGAMMA, digamma)
RARE(TRIGAMMA, trigamma)
