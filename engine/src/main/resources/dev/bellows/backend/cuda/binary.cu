// out[i] = f(a[i], b[i]), f(a[i], scalar) and a[i] + alpha · b[i] for a floating element type A; the
// names of kernels with a scalar end in _S.

BINARY(MAXIMUM, A, maximum(x, y))
BINARY(MINIMUM, A, minimum(x, y))
BINARY(RELU_GRAD, A, x <= 0 ? (C)0 : y)
BINARY(ADD, A, x + y)
BINARY(SUB, A, x - y)
BINARY(MUL, A, x * y)
BINARY(DIV, A, x / y)
BINARY(COPYSIGN, A, (C)copysign(x, y))
BINARY(FMAX, A, isNan(x) ? y : isNan(y) ? x : maximum(x, y))
BINARY(FMIN, A, isNan(x) ? y : isNan(y) ? x : minimum(x, y))
BINARY(HEAVISIDE, A, x == 0 ? y : (C)(x > 0))

KERNEL(ADD_SCALED, Binary) {
  C alpha = (C)p.real;
  map2<A, A>(p.walk, p.a, p.b, p.out, [&](C x, C y) { return x + alpha * y; });
}
