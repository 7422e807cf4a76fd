// Kernels of a function of two elements of type A, with a result of type B: one for two arrays, and
// one for an array and a number, whose name ends in _S.

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

