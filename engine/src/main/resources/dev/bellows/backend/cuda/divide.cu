// Division of integers below 2³¹ by a divisor known to the host: a multiplication and a shift,
// since the device has no division instruction. Launch.divisor() computes the numbers. Source:
// Granlund and Montgomery, Division by Invariant Integers using Multiplication, 1994.

struct Divisor {
  u32 by;
  u32 magic;
  u32 shift;
};

struct Divided {
  int quotient;
  int rest;
};

DEVICE int divide(int n, const Divisor& d) {
  return (int)((multiplyHigh((u32)n, d.magic) + (u32)n) >> d.shift);
}

DEVICE Divided divided(int n, const Divisor& d) {
  int quotient = divide(n, d);
  return {quotient, n - quotient * (int)d.by};
}

/** Accesses N elements starting at a position; N is 1, or the position is aligned for packs. */
template <int N, class T> DEVICE Pack<T, N> packAt(Global<T> a, i64 at) {
  return (Pack<T, N>)packs<Pack<T, N>>(a + at)[0];
}
