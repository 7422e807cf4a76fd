package dev.bellows.oracle;

/** Numbers as arguments: small ones that may fit, and some that no tensor is large enough for. */
final class FuzzNumbers {
  private static final long[] HUGE = {
    Long.MIN_VALUE, Long.MAX_VALUE, 1L << 40, (1L << 40) + 1, -(1L << 40), 1L << 62, -(1L << 62)
  };

  private final Rng r;

  FuzzNumbers(Rng r) {
    this.r = r;
  }

  /** A number of bytes or elements that there is no memory for, or its negative. */
  long huge() {
    return HUGE[r.nextInt(HUGE.length)];
  }

  long aLong(boolean small) {
    return r.oneIn(50) ? huge() : small ? r.nextInt(4) : r.between(-3, 12);
  }

  double aDouble() {
    return switch (r.nextInt(12)) {
      case 0 -> r.pickNumber(Double.NaN, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, 1e300);
      case 1, 2, 3 -> r.uniform(-3, 3);
      case 4, 5 -> 0.5;
      default -> r.between(-2, 4);
    };
  }

  Number aNumber() {
    return switch (r.nextInt(9)) {
      case 0, 1 -> (Number) aDouble();
      case 2 -> (float) aDouble();
      case 3 -> aLong(false);
      case 4 -> (short) r.between(-300, 300);
      case 5 -> (byte) r.between(-3, 3);
      default -> r.between(-3, 12);
    };
  }

  /** An element of an array of some primitive type. */
  Object element(Class<?> type) {
    int n = r.between(-3, 9);
    if (type == boolean.class) {
      return n > 2;
    } else if (type == byte.class) {
      return (byte) n;
    } else if (type == short.class) {
      return (short) n;
    } else if (type == char.class) {
      return (char) ('a' + n);
    } else if (type == float.class) {
      return (float) aDouble();
    } else if (type == double.class) {
      return aDouble();
    }
    throw new AssertionError("FuzzNumbers must learn to make arrays of " + type);
  }
}
