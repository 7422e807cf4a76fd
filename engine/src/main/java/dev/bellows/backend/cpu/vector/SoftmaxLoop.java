package dev.bellows.backend.cpu.vector;

import dev.bellows.backend.cpu.Rows;
import dev.bellows.memory.Memory;
import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;

/**
 * Softmax of rows: the maximum, then e^(a − maximum) into out, then the sum as {@link SumLoop}
 * computes it, then the division; the logarithm needs only the sum and subtracts. Not in place.
 */
final class SoftmaxLoop {
  private SoftmaxLoop() {}

  static void run(Rows a, Rows out, boolean log, long rows, long n) {
    float[] parts = new float[Lanes.LANES];
    float[] tile = new float[(int) Math.min(Tiles.TILE, n)];
    for (long r = 0; r < rows; r++) {
      long skipA = r * a.rowBytes();
      long skipOut = r * out.rowBytes();
      float largest = largest(a, skipA, n, parts);
      exponentials(a, skipA, out, skipOut, n, largest, tile, r);
      double sum = SumLoop.row(out, skipOut, n);
      if (log) {
        subtract(a, skipA, out, skipOut, n, largest, (float) StrictMath.log(sum));
      } else {
        scale(out, skipOut, n, (float) sum);
      }
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

  private static void exponentials(
      Rows a, long skipA, Rows out, long skipOut, long n, float largest, float[] tile, long r) {
    long from = Lanes.address(a) + skipA;
    long to = Lanes.address(out) + skipOut;
    for (long i = 0; i < n; i += Tiles.TILE) {
      int count = (int) Math.min(Tiles.TILE, n - i);
      Memory.copyToArray(from + 4 * i, tile, 4L * count);
      for (int j = 0; j < count; j++) {
        tile[j] -= largest;
      }
      Tiles.exp(tile, count, r + i / Tiles.TILE);
      Memory.copyFromArray(tile, to + 4 * i, 4L * count);
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
