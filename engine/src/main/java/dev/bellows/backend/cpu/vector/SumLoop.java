package dev.bellows.backend.cpu.vector;

import dev.bellows.backend.cpu.Rows;
import dev.bellows.memory.Memory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums in double, rounded once. In a row, element i is added to partial sum i mod 32 for every
 * vector width, and the partial sums are added first to last; a column is added first to last. The
 * order of additions therefore depends on the sizes only. Columns are added by plain loops, row by
 * row: a walk down each column would miss the cache at every step.
 */
final class SumLoop implements ReduceLoop {
  private static final VectorSpecies<Double> D =
      VectorSpecies.of(double.class, Lanes.F.vectorShape());
  private static final int LANES = D.length();
  private static final int WIDTH = 4 * LANES;
  static final int PARTS = 32;

  /** Number of columns that are added together. */
  private static final int COLUMNS = 1024;

  private static final Warmth WARMTH = new Warmth(20);

  private static DoubleVector load(ByteBuffer buffer, long position) {
    return (DoubleVector) Lanes.loadHalf(buffer, position).convertShape(VectorOperators.F2D, D, 0);
  }

  @Override
  public void rows(Rows a, Rows out, long rows, long n) {
    for (long r = 0; r < rows; r++) {
      double sum = row(a, r * a.rowBytes(), n);
      Memory.putFloat(Lanes.address(out) + r * out.rowBytes(), (float) sum);
    }
  }

  /** Returns the sum of {@code n} elements, starting {@code skip} bytes after the first. */
  static double row(Rows a, long skip, long n) {
    long address = Lanes.address(a) + skip;
    double sum = 0;
    if (n < PARTS) {
      for (long i = 0; i < 4 * n; i += 4) {
        sum += Memory.getFloat(address + i);
      }
      return sum;
    }
    double[] parts = new double[PARTS];
    long chunks = n / PARTS;
    long done = WARMTH.part(chunks) * PARTS;
    boolean whole = done == chunks * PARTS;
    long start = whole ? 0 : System.nanoTime();
    accumulate(a, skip, 0, done, parts);
    if (!whole && WARMTH.isHot(done / PARTS, System.nanoTime() - start)) {
      accumulate(a, skip, done, chunks * PARTS, parts);
      done = chunks * PARTS;
    }
    for (long i = done; i < n; i++) {
      parts[(int) (i % PARTS)] += Memory.getFloat(address + 4 * i);
    }
    for (int i = 0; i < PARTS; i++) {
      sum += parts[i];
    }
    return sum;
  }

  /** Adds elements {@code from} to {@code to}, both multiples of 32, to the partial sums. */
  private static void accumulate(Rows a, long skip, long from, long to, double[] parts) {
    for (int group = 0; group < PARTS; group += 4 * LANES) {
      accumulate(a, skip + 4 * (from + group), 4 * (to - from), parts, group);
    }
  }

  private static void accumulate(Rows a, long skip, long bytes, double[] parts, int at) {
    ByteBuffer buffer = Lanes.buffer(a);
    long position = Lanes.position(a) + skip;
    DoubleVector s0 = DoubleVector.fromArray(D, parts, at);
    DoubleVector s1 = DoubleVector.fromArray(D, parts, at + LANES);
    DoubleVector s2 = DoubleVector.fromArray(D, parts, at + 2 * LANES);
    DoubleVector s3 = DoubleVector.fromArray(D, parts, at + 3 * LANES);
    for (long i = 0; i < bytes; i += 4 * PARTS) {
      s0 = s0.add(load(buffer, position + i));
      s1 = s1.add(load(buffer, position + i + WIDTH));
      s2 = s2.add(load(buffer, position + i + 2 * WIDTH));
      s3 = s3.add(load(buffer, position + i + 3 * WIDTH));
    }
    s0.intoArray(parts, at);
    s1.intoArray(parts, at + LANES);
    s2.intoArray(parts, at + 2 * LANES);
    s3.intoArray(parts, at + 3 * LANES);
  }

  @Override
  public void columns(Rows a, Rows out, long rows, long n) {
    if (n < PARTS) {
      fewColumns(a, out, rows, n);
      return;
    }
    int most = (int) Math.min(COLUMNS, n);
    float[] x = new float[most];
    double[] sums = new double[most];
    for (long j = 0; j < n; j += most) {
      int count = (int) Math.min(most, n - j);
      Arrays.fill(sums, 0, count, 0);
      for (long r = 0; r < rows; r++) {
        Memory.copyToArray(Lanes.address(a) + r * a.rowBytes() + 4 * j, x, 4L * count);
        add(x, sums, count);
      }
      round(sums, x, count);
      Memory.copyFromArray(x, Lanes.address(out) + 4 * j, 4L * count);
    }
  }

  private static void add(float[] x, double[] sums, int n) {
    for (int i = 0; i < n; i++) {
      sums[i] += x[i];
    }
  }

  private static void round(double[] sums, float[] out, int n) {
    for (int i = 0; i < n; i++) {
      out[i] = (float) sums[i];
    }
  }

  private static void fewColumns(Rows a, Rows out, long rows, long n) {
    for (long j = 0; j < 4 * n; j += 4) {
      long p = Lanes.address(a) + j;
      double sum = 0;
      for (long r = 0; r < rows; r++) {
        sum += Memory.getFloat(p);
        p += a.rowBytes();
      }
      Memory.putFloat(Lanes.address(out) + j, (float) sum);
    }
  }
}
