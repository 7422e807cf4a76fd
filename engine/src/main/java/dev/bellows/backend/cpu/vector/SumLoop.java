package dev.bellows.backend.cpu.vector;

import dev.bellows.backend.cpu.Rows;
import dev.bellows.memory.Memory;
import java.nio.ByteBuffer;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums in double, rounded once. In a row, element i is added to partial sum i mod 32 for every
 * vector width, and the partial sums are added first to last; a column is added first to last. The
 * order of additions therefore depends on the sizes only.
 */
final class SumLoop implements ReduceLoop {
  private static final VectorSpecies<Double> D =
      VectorSpecies.of(double.class, Lanes.F.vectorShape());
  private static final int LANES = D.length();
  private static final int WIDTH = 4 * LANES;
  static final int PARTS = 32;

  private static final Warmth ROW_WARMTH = new Warmth(20);
  private static final Warmth COLUMN_WARMTH = new Warmth(20);

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
    long done = ROW_WARMTH.part(chunks) * PARTS;
    boolean whole = done == chunks * PARTS;
    long start = whole ? 0 : System.nanoTime();
    accumulate(a, skip, 0, done, parts);
    if (!whole && ROW_WARMTH.isHot(done / PARTS, System.nanoTime() - start)) {
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
    long fours = n / (4 * LANES);
    long done = Math.min(fours, 1 + COLUMN_WARMTH.part(fours * rows) / Math.max(1, rows));
    long start = System.nanoTime();
    for (long j = 0; j < done; j++) {
      fourColumns(a, out, rows, j * 4 * WIDTH);
    }
    if (done < fours && !COLUMN_WARMTH.isHot(done * rows, System.nanoTime() - start)) {
      scalarColumns(a, out, rows, done * 4 * WIDTH, 4 * n);
      return;
    }
    for (long j = done; j < fours; j++) {
      fourColumns(a, out, rows, j * 4 * WIDTH);
    }
    long body = n / LANES * WIDTH;
    for (long j = fours * 4 * WIDTH; j < body; j += WIDTH) {
      oneColumn(a, out, rows, j);
    }
    scalarColumns(a, out, rows, body, 4 * n);
  }

  private static void scalarColumns(Rows a, Rows out, long rows, long from, long to) {
    for (long j = from; j < to; j += 4) {
      long p = Lanes.address(a) + j;
      double sum = 0;
      for (long r = 0; r < rows; r++) {
        sum += Memory.getFloat(p);
        p += a.rowBytes();
      }
      Memory.putFloat(Lanes.address(out) + j, (float) sum);
    }
  }

  private static void fourColumns(Rows a, Rows out, long rows, long j) {
    ByteBuffer buffer = Lanes.buffer(a);
    long p = Lanes.position(a) + j;
    long rowBytes = a.rowBytes();
    DoubleVector s0 = DoubleVector.zero(D);
    DoubleVector s1 = s0;
    DoubleVector s2 = s0;
    DoubleVector s3 = s0;
    for (long r = 0; r < rows; r++) {
      s0 = s0.add(load(buffer, p));
      s1 = s1.add(load(buffer, p + WIDTH));
      s2 = s2.add(load(buffer, p + 2 * WIDTH));
      s3 = s3.add(load(buffer, p + 3 * WIDTH));
      p += rowBytes;
    }
    ByteBuffer target = Lanes.buffer(out);
    long q = Lanes.position(out) + j;
    store(s0, target, q);
    store(s1, target, q + WIDTH);
    store(s2, target, q + 2 * WIDTH);
    store(s3, target, q + 3 * WIDTH);
  }

  private static void oneColumn(Rows a, Rows out, long rows, long j) {
    ByteBuffer buffer = Lanes.buffer(a);
    long p = Lanes.position(a) + j;
    long rowBytes = a.rowBytes();
    DoubleVector s = DoubleVector.zero(D);
    for (long r = 0; r < rows; r++) {
      s = s.add(load(buffer, p));
      p += rowBytes;
    }
    store(s, Lanes.buffer(out), Lanes.position(out) + j);
  }

  private static void store(DoubleVector sums, ByteBuffer buffer, long position) {
    Lanes.store(
        (FloatVector) sums.convertShape(VectorOperators.D2F, Lanes.HALF, 0), buffer, position);
  }
}
