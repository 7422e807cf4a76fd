package dev.bellows.backend.reference;

import dev.bellows.backend.Philox;
import dev.bellows.backend.RandomKey;
import dev.bellows.backend.RandomKind;
import dev.bellows.backend.Scalars;
import dev.bellows.memory.DType;
import dev.bellows.memory.Strided;
import java.util.function.IntFunction;

/** Random numbers from {@link Philox}; dense arrays in memory order, others row by row. */
final class RandomLoops {
  private RandomLoops() {}

  /**
   * Fills an array.
   *
   * @param boxMuller makes the function of u1 and u2 for blocks of at most a number of elements
   */
  static void random(
      RandomKind kind,
      RandomKey key,
      double a,
      double b,
      Strided out,
      IntFunction<BinaryBlock> boxMuller) {
    Strided line = line(out);
    Loop loop = Loop.over(Loop.BLOCK, true, line);
    if (kind == RandomKind.NORMAL) {
      normal(key, a, b, line, loop, boxMuller.apply(loop.block()));
      return;
    }
    double[] x = new double[loop.block()];
    int[] words = new int[loop.block()];
    int mask = Philox.mask(out.dtype());
    long first = 0;
    for (int n = loop.next(); n > 0; n = loop.next()) {
      draw(kind, key, a, b, first, n, words, x, mask);
      Access.store(line.dtype(), loop.address[0], loop.step[0], n, x);
      first += n;
    }
  }

  private static void draw(
      RandomKind kind,
      RandomKey key,
      double a,
      double b,
      long first,
      int n,
      int[] words,
      double[] x,
      int mask) {
    switch (kind) {
      case UNIFORM -> {
        Philox.words(key, first, n, words);
        for (int i = 0; i < n; i++) {
          x[i] = a + (b - a) * (Philox.uniform(words[i] & mask));
        }
      }
      case BERNOULLI -> {
        Philox.words(key, first, n, words);
        for (int i = 0; i < n; i++) {
          x[i] = Philox.uniform(words[i]) < a ? 1 : 0;
        }
      }
      default -> throw new AssertionError(kind);
    }
  }

  private static void normal(
      RandomKey key, double a, double b, Strided line, Loop loop, BinaryBlock boxMuller) {
    double[] x = new double[loop.block()];
    double[] y = new double[loop.block()];
    int[] words = new int[2 * loop.block()];
    long first = 0;
    for (int n = loop.next(); n > 0; n = loop.next()) {
      Philox.words(key, 2 * first, 2 * n, words);
      for (int i = 0; i < n; i++) {
        x[i] = Philox.above0(words[2 * i]);
        y[i] = Philox.below1(words[2 * i + 1]);
      }
      boxMuller.apply(x, y, n);
      for (int i = 0; i < n; i++) {
        x[i] = a + b * x[i];
      }
      Access.store(line.dtype(), loop.address[0], loop.step[0], n, x);
      first += n;
    }
  }

  static void integers(RandomKey key, long low, long range, Strided out) {
    Strided line = line(out);
    Loop loop = Loop.over(Loop.BLOCK, true, line);
    long[] x = new long[loop.block()];
    int[] words = new int[2 * loop.block()];
    long first = 0;
    for (int n = loop.next(); n > 0; n = loop.next()) {
      Philox.words(key, 2 * first, 2 * n, words);
      for (int i = 0; i < n; i++) {
        x[i] = low + Philox.below(words[2 * i], words[2 * i + 1], range);
      }
      Access.store(line.dtype(), loop.address[0], loop.step[0], n, x);
      first += n;
    }
  }

  static void dropout(Strided a, double p, RandomKey key, Strided out) {
    assert a.sameLayout(out) && a.isDense() : a + " and " + out;
    Scalars.requireFloating("dropout", a.dtype());
    Loop loop = Loop.over(Loop.BLOCK, true, line(a), line(out));
    DType type = a.dtype();
    double[] x = new double[loop.block()];
    int[] words = new int[loop.block()];
    long first = 0;
    for (int n = loop.next(); n > 0; n = loop.next()) {
      Access.load(type, loop.address[0], loop.step[0], n, x);
      Philox.words(key, first, n, words);
      for (int i = 0; i < n; i++) {
        x[i] = Philox.uniform(words[i]) < p ? 0 : x[i] / (1 - p);
      }
      Access.store(type, loop.address[1], loop.step[1], n, x);
      first += n;
    }
  }

  /** Returns a dense array as one row in memory order; any other unchanged. */
  private static Strided line(Strided a) {
    return a.isDense() ? a.with(new long[] {a.numel()}, new long[] {1}, a.offset()) : a;
  }
}
