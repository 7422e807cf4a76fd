// Functions that CUDA's library lacks or rounds differently from Java's.

/** sin πx without the rounding error of π·x. */
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

/** (2k)! / B₂ₖ of Bernoulli's numbers, from k = 1. */
DEVICE double zetaTerm(int k) {
  switch (k) {
    case 0:
      return 12;
    case 1:
      return -720;
    case 2:
      return 30240;
    case 3:
      return -1209600;
    case 4:
      return 47900160;
    case 5:
      return -1.8924375803183791606e9;
    default:
      return 7.47242496e10;
  }
}

/** A sum from q on, and the rest by Euler and Maclaurin's formula. */
DEVICE double zetaOfPositive(double s, double q) {
  double sum = 0;
  double at = q;
  for (; at < 16; at++) {
    sum += pow(at, -s);
  }
  double power = pow(at, -s);
  sum += at * power / (s - 1) + power / 2;
  double factor = s;
  for (int k = 0; k < 7; k++) {
    power /= at;
    sum += factor * power / zetaTerm(k);
    factor *= (s + 2 * k + 1) * (s + 2 * k + 2);
    power /= at;
  }
  return sum;
}

/** Hurwitz's zeta function of a whole s > 2; infinity at the poles. */
DEVICE double zeta(double s, double q) {
  if (q <= 0 && q == floor(q)) {
    return DOUBLE_INF;
  }
  if (q < 0) {
    double fraction = -q - floor(-q);
    double below = zetaOfPositive(s, fraction) - zetaOfPositive(s, 1 - q);
    return zetaOfPositive(s, 1 - fraction) + (fmod(s, 2.0) == 0 ? below : -below);
  }
  return zetaOfPositive(s, q);
}

/** The derivative of order n of the digamma function: n factorial times zeta(n + 1, x), signed. */
DEVICE double polygamma(double x, double n) {
  if (n < 2) {
    return n == 0 ? digamma(x) : trigamma(x);
  }
  double factorial = 1;
  for (int k = 2; k <= n && factorial < DOUBLE_INF; k++) {
    factorial *= k;
  }
  return (fmod(n, 2.0) == 0 ? -1 : 1) * factorial * zeta(n + 1, x);
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

/** Divides as Python does: the quotient without the remainder, rounded to the nearest integer. */
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

/** Computes the power by squaring; a negative exponent gives 0 except for the bases 1 and −1. */
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

/** Returns whether y is a valid divisor; if not, records the function. */
DEVICE bool divides(i64 x, i64 y, Address fault, int detail) {
  if (y == 0) {
    report(fault, FAULT_DIVISOR, detail, x, 0);
    return false;
  }
  return true;
}

/** The quotient; as in Java, the smallest value divided by −1 does not overflow. */
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

/** All bits inverted, or the logical negation. */
DEVICE i64 inverted(i64 x, BOOL) { return 1 - x; }
template <class W> DEVICE i64 inverted(i64 x, W) { return ~x; }
