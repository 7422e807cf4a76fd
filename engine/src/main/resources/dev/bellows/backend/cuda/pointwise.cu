// Kernels of one function of the elements of one or two arrays, of type A, with a result of type B.
// EXPRESSION is a function of x and y. A function of two elements has one kernel for two arrays,
// and one for an array and a number, whose name ends in _S. FLOAT32 and 16-bit floating-point types
// are computed in float, integers in 64 bits.

#ifdef FLOATING
#define SCALAR p.real
#else
#define SCALAR p.whole
#endif

typedef A::C C;

#define UNARY(NAME, B, EXPRESSION) \
  KERNEL(NAME, Unary) { \
    map1<A, B>(p.walk, p.a, p.out, [&](C x) { return EXPRESSION; }); \
  }

#define BINARY(NAME, B, EXPRESSION) \
  KERNEL(NAME, Binary) { \
    map2<A, B>(p.walk, p.a, p.b, p.out, [&](C x, C y) { return EXPRESSION; }); \
  } \
  KERNEL(NAME##_S, WithScalar) { \
    C y = (C)SCALAR; \
    map1<A, B>(p.walk, p.a, p.out, [&](C x) { return EXPRESSION; }); \
  }

// The same, computed in double and then rounded.

#define WIDE_UNARY(NAME, B, EXPRESSION) \
  DEVICE double NAME##Of(double x) { return EXPRESSION; } \
  KERNEL(NAME, Unary) { \
    each1<A, B>(p.walk, p.a, p.out, [](C x) { return NAME##Of(x); }); \
  }

#define WIDE_BINARY(NAME, B, EXPRESSION) \
  DEVICE double NAME##Of(double x, double y) { return EXPRESSION; } \
  KERNEL(NAME, Binary) { \
    each2<A, B>(p.walk, p.a, p.b, p.out, [](C x, C y) { return NAME##Of(x, y); }); \
  } \
  KERNEL(NAME##_S, WithScalar) { \
    double y = (double)(C)SCALAR; \
    each1<A, B>(p.walk, p.a, p.out, [&](C x) { return NAME##Of(x, y); }); \
  }

