package dev.bellows.backend.cpu.vector;

import dev.bellows.backend.cpu.FloatTile;
import dev.bellows.backend.cpu.Rows;
import dev.bellows.memory.Memory;
import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;

/**
 * Softmax of rows: the maximum, then e^(a − maximum) into out, by tiles of several short rows or of
 * a part of a long one; then the sum as {@link SumLoop} computes it, then the division; the
 * logarithm needs only the sum and subtracts. Not in place.
 */
final class SoftmaxLoop {
  private SoftmaxLoop() {}

  static void run(Rows a, Rows out, boolean log, long rows, long n) {
    float[] parts = new float[Lanes.LANES];
    int group = (int) Math.max(1, FloatTile.SIZE / n);
    float[] largest = new float[group];
    float[] tile = new float[(int) Math.min(FloatTile.SIZE, group * n)];
    FloatTile functions = new FloatTile(tile.length);
    for (long first = 0; first < rows; first += group) {
      int count = (int) Math.min(group, rows - first);
      for (int k = 0; k < count; k++) {
        largest[k] = largest(a, (first + k) * a.rowBytes(), n, parts);
      }
      long from = Lanes.address(a) + first * a.rowBytes();
      long to = Lanes.address(out) + first * out.rowBytes();
      if (n <= FloatTile.SIZE) {
        group(from, a.rowBytes(), to, out.rowBytes(), count, (int) n, largest, tile, functions);
      } else {
        row(from, to, n, largest[0], tile, functions);
      }
      for (int k = 0; k < count; k++) {
        finish(
            a, (first + k) * a.rowBytes(), out, (first + k) * out.rowBytes(), log, n, largest[k]);
      }
    }
  }

  private static void finish(
      Rows a, long skipA, Rows out, long skipOut, boolean log, long n, float largest) {
    double sum = SumLoop.row(out, skipOut, n);
    if (log) {
      subtract(a, skipA, out, skipOut, n, largest, (float) StrictMath.log(sum));
    } else {
      scale(out, skipOut, n, (float) sum);
    }
  }

  private static float largest(Rows a, long skip, long n, float[] parts) {
    long body = n / Lanes.LANES * Lanes.WIDTH;
    float result = Float.NEGATIVE_INFINITY;
    if (body > 0) {
      ByteBuffer buffer = Lanes.buffer(a);
      long at = Lanes.position(a) + skip;
      FloatVector most = Lanes.load(buffer, at);
      for (long i = Lanes.WIDTH; i < body; i += Lanes.WIDTH) {
        most = most.max(Lanes.load(buffer, at + i));
      }
      most.intoArray(parts, 0);
      for (float part : parts) {
        result = Math.max(result, part);
      }
    }
    long address = Lanes.address(a) + skip;
    for (long i = body; i < 4 * n; i += 4) {
      result = Math.max(result, Memory.getFloat(address + i));
    }
    return result;
  }

  /** Computes the exponentials of several short rows in one tile. */
  private static void group(
      long from,
      long fromRow,
      long to,
      long toRow,
      int rows,
      int n,
      float[] largest,
      float[] tile,
      FloatTile functions) {
    for (int k = 0; k < rows; k++) {
      Memory.copyToArray(from + k * fromRow, tile, 4L * k * n, 4L * n);
      shift(tile, k * n, (k + 1) * n, largest[k]);
    }
    functions.exp(tile, rows * n);
    for (int k = 0; k < rows; k++) {
      Memory.copyFromArray(tile, 4L * k * n, to + k * toRow, 4L * n);
    }
  }

  /** Computes the exponentials of a long row, tile by tile. */
  private static void row(
      long from, long to, long n, float largest, float[] tile, FloatTile functions) {
    for (long i = 0; i < n; i += FloatTile.SIZE) {
      int count = (int) Math.min(FloatTile.SIZE, n - i);
      Memory.copyToArray(from + 4 * i, tile, 4L * count);
      shift(tile, 0, count, largest);
      functions.exp(tile, count);
      Memory.copyFromArray(tile, to + 4 * i, 4L * count);
    }
  }

  private static void shift(float[] tile, int from, int to, float largest) {
    for (int j = from; j < to; j++) {
      tile[j] -= largest;
    }
  }

  private static void subtract(
      Rows a, long skipA, Rows out, long skipOut, long n, float largest, float logSum) {
    long body = n / Lanes.LANES * Lanes.WIDTH;
    if (body > 0) {
      ByteBuffer bufferA = Lanes.buffer(a);
      ByteBuffer bufferOut = Lanes.buffer(out);
      long atA = Lanes.position(a) + skipA;
      long atOut = Lanes.position(out) + skipOut;
      for (long i = 0; i < body; i += Lanes.WIDTH) {
        FloatVector x = Lanes.load(bufferA, atA + i);
        Lanes.store(x.sub(largest).sub(logSum), bufferOut, atOut + i);
      }
    }
    long addressA = Lanes.address(a) + skipA;
    long addressOut = Lanes.address(out) + skipOut;
    for (long i = body; i < 4 * n; i += 4) {
      Memory.putFloat(addressOut + i, Memory.getFloat(addressA + i) - largest - logSum);
    }
  }

  private static void scale(Rows out, long skip, long n, float sum) {
    long body = n / Lanes.LANES * Lanes.WIDTH;
    if (body > 0) {
      ByteBuffer buffer = Lanes.buffer(out);
      long at = Lanes.position(out) + skip;
      for (long i = 0; i < body; i += Lanes.WIDTH) {
        Lanes.store(Lanes.load(buffer, at + i).div(sum), buffer, at + i);
      }
    }
    long address = Lanes.address(out) + skip;
    for (long i = body; i < 4 * n; i += 4) {
      Memory.putFloat(address + i, Memory.getFloat(address + i) / sum);
    }
  }
}
