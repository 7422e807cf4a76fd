// out[i] = f(a[i], b[i]) and f(a[i], scalar) for a floating element type A: functions that are
// computed in double and then rounded. The names of kernels with a scalar end in _S.

#define RARE(NAME, EXPRESSION) \
  DEVICE double NAME##Of(double x, double y) { return EXPRESSION; } \
  KERNEL(NAME, Binary) { \
    each2<A, A>(p.walk, p.a, p.b, p.out, [](A::C x, A::C y) { return NAME##Of(x, y); }); \
  } \
  KERNEL(NAME##_S, WithScalar) { \
    double y = (double)(A::C)p.real; \
    each1<A, A>(p.walk, p.a, p.out, [&](A::C x) { return NAME##Of(x, y); }); \
  }

RARE(POW, x == 1 || (x == -1 && isinf(y)) ? 1 : pow(x, y))
RARE(ATAN2, atan2(x, y))
RARE(HYPOT, hypot(x, y))
RARE(FMOD, fmod(x, y))
RARE(REMAINDER, remainderOf(x, y))
RARE(FLOOR_DIVIDE, floorDivide(x, y))
RARE(TRUNC_DIVIDE, truncated(x / y))
RARE(XLOGY, isNan(y) ? y : x == 0 ? 0 : x * log(y))
RARE(LOG_ADD_EXP, logAddExp(x, y))
RARE(LOG_ADD_EXP2, logAddExp2(x, y))

/** The root, where the power is ½ or −½. */
KERNEL(ROOT_S, WithScalar) {
  each1<A, A>(p.walk, p.a, p.out, [&](A::C x) {
    double root = sqrt((double)x);
    return p.real < 0 ? 1 / root : root;
  });
}
