// out[i] = f(a[i], b[i]), f(a[i], scalar) and a[i] + alpha · b[i] for an element type A of whole
// numbers; the names of kernels with a scalar end in _S. All is computed in 64 bits.

BINARY(MAXIMUM, A, maximum(x, y))
BINARY(MINIMUM, A, minimum(x, y))
BINARY(RELU_GRAD, A, x > 0 ? y : (i64)0)

/** Whether y divides; if not, notes which function was asked to. */
DEVICE bool divides(i64 x, i64 y, Address fault, int detail) {
  if (y == 0) {
    report(fault, FAULT_DIVISOR, detail, x, 0);
    return false;
  }
  return true;
}

/** The quotient and, in Java's way, no overflow of the smallest value by −1. */
DEVICE i64 quotient(i64 x, i64 y) { return y == -1 ? (i64)(0 - (u64)x) : x / y; }
DEVICE i64 rest(i64 x, i64 y) { return y == -1 ? 0 : x % y; }

DEVICE i64 floorQuotient(i64 x, i64 y) {
  i64 q = quotient(x, y);
  return (x < 0) != (y < 0) && q * y != x ? q - 1 : q;
}

DEVICE i64 floorRest(i64 x, i64 y) {
  i64 r = rest(x, y);
  return r != 0 && (r < 0) != (y < 0) ? r + y : r;
}

DEVICE i64 leastCommonMultiple(i64 x, i64 y) {
  i64 common = greatestCommonDivisor(x, y);
  return common == 0 ? 0 : absolute((i64)((u64)quotient(x, common) * (u64)y));
}

#define DIVISION(NAME, EXPRESSION) \
  BINARY(NAME, A, divides(x, y, p.fault, DETAIL_##NAME) ? EXPRESSION : (i64)0)

BINARY(ADD, A, (i64)((u64)x + (u64)y))
BINARY(SUB, A, (i64)((u64)x - (u64)y))
BINARY(MUL, A, (i64)((u64)x * (u64)y))
BINARY(POW, A, power(x, y))
DIVISION(DIV, quotient(x, y))
DIVISION(TRUNC_DIVIDE, quotient(x, y))
DIVISION(FLOOR_DIVIDE, floorQuotient(x, y))
DIVISION(FMOD, rest(x, y))
DIVISION(REMAINDER, floorRest(x, y))
BINARY(FMAX, A, larger(x, y))
BINARY(FMIN, A, smaller(x, y))
BINARY(HEAVISIDE, A, x == 0 ? y : (i64)(x > 0))
BINARY(BITWISE_AND, A, x & y)
BINARY(BITWISE_OR, A, x | y)
BINARY(BITWISE_XOR, A, x ^ y)
BINARY(SHIFT_LEFT, A, y < 0 || y >= 8 * (i64)sizeof(A::T) ? (i64)0 : (i64)((u64)x << y))
BINARY(SHIFT_RIGHT, A, x >> (y < 0 || y > 63 ? (i64)63 : y))
BINARY(GCD, A, greatestCommonDivisor(x, y))
BINARY(LCM, A, leastCommonMultiple(x, y))

KERNEL(ADD_SCALED, Binary) {
  map2<A, A>(p.walk, p.a, p.b, p.out, [&](C x, C y) {
    return (i64)((u64)x + (u64)p.whole * (u64)y);
  });
}
