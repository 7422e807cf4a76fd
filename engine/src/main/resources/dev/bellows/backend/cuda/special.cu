// Functions that CUDA's library lacks or rounds otherwise than Java's.

/** sin πx without the error of π·x. */
DEVICE double sinPi(double x) {
  const double pi = 3.141592653589793;
  double turn = x - 2 * floor(x / 2);
  return turn <= 0.5 ? sin(pi * turn) : turn <= 1.5 ? sin(pi * (1 - turn)) : sin(pi * (turn - 2));
}

/** The derivative of ln Γ. Source: Abramowitz and Stegun 6.3.5 to 6.3.18. */
DEVICE double digammaOfPositive(double x) {
  double sum = 0;
  double at = x;
  for (; at < 16; at++) {
    sum -= 1 / at;
  }
  double w = 1 / (at * at);
  double series =
      w * (1 / 12.0 - w * (1 / 120.0 - w * (1 / 252.0 - w * (1 / 240.0 - w * (1 / 132.0)))));
  return sum + log(at) - 0.5 / at - series;
}

DEVICE double digamma(double x) {
  if (x == 0) {
    return copysign(DOUBLE_INF, -x);
  }
  if (x < 0) {
    const double pi = 3.141592653589793;
    return x == floor(x) ? DOUBLE_NAN
                         : digammaOfPositive(1 - x) - pi * sinPi(x + 0.5) / sinPi(x);
  }
  return digammaOfPositive(x);
}

/** The derivative of the digamma function. Source: the same, 6.4.6 to 6.4.12. */
DEVICE double trigammaFromHalf(double x) {
  double sum = 0;
  double at = x;
  for (; at < 16; at++) {
    sum += 1 / (at * at);
  }
  double w = 1 / (at * at);
  double series = 1 / 6.0 - w * (1 / 30.0 - w * (1 / 42.0 - w * (1 / 30.0 - w * (5 / 66.0))));
  return sum + (1 + 0.5 / at + w * series) / at;
}

DEVICE double trigamma(double x) {
  if (x < 0.5) {
    const double pi = 3.141592653589793;
    double sine = sinPi(x);
    return pi * pi / (sine * sine) - trigammaFromHalf(1 - x);
  }
  return trigammaFromHalf(x);
}

DEVICE double logGamma(double x) {
  return isinf(x) || (x <= 0 && x == floor(x)) ? DOUBLE_INF : lgamma(x);
}

DEVICE double logAddExp(double x, double y) {
  if (isinf(x) && x == y) {
    return x;
  }
  return maximum(x, y) + log1p(exp(-fabs(x - y)));
}

DEVICE double logAddExp2(double x, double y) {
  if (isinf(x) && x == y) {
    return x;
  }
  return maximum(x, y) + log1p(exp2(-fabs(x - y))) * 1.4426950408889634;
}

DEVICE double truncated(double x) { return copysign(floor(fabs(x)), x); }

DEVICE double remainderOf(double x, double y) {
  double rest = fmod(x, y);
  return rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest;
}

/** As Python does it: the quotient without the remainder, rounded to the whole number it is. */
DEVICE double floorDivide(double x, double y) {
  if (y == 0) {
    return x / y;
  }
  double rest = fmod(x, y);
  double quotient = (x - rest) / y;
  if (rest != 0 && (y < 0) != (rest < 0)) {
    quotient -= 1;
  }
  if (quotient == 0) {
    return copysign(0.0, x / y);
  }
  double down = floor(quotient);
  return quotient - down > 0.5 ? down + 1 : down;
}

DEVICE i64 absolute(i64 x) { return x < 0 ? (i64)(0 - (u64)x) : x; }

DEVICE i64 greatestCommonDivisor(i64 x, i64 y) {
  u64 a = (u64)absolute(x);
  u64 b = (u64)absolute(y);
  while (b != 0) {
    u64 rest = a % b;
    a = b;
    b = rest;
  }
  return (i64)a;
}

/** By squaring; a negative power is 0 but for the bases 1 and −1. */
DEVICE i64 power(i64 base, i64 exponent) {
  if (exponent < 0) {
    return base == 1 ? 1 : base == -1 ? ((exponent & 1) == 0 ? 1 : -1) : 0;
  }
  u64 result = 1;
  u64 square = (u64)base;
  for (u64 bits = (u64)exponent; bits != 0; bits >>= 1) {
    if ((bits & 1) != 0) {
      result *= square;
    }
    square *= square;
  }
  return (i64)result;
}

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

/** All bits inverted, or the truth. */
DEVICE i64 inverted(i64 x, BOOL) { return 1 - x; }
template <class W> DEVICE i64 inverted(i64 x, W) { return ~x; }
