package dev.bellows.backend.cpu.vector;

import dev.bellows.backend.cpu.FloatTile;
import dev.bellows.backend.cpu.Rows;
import dev.bellows.memory.Memory;
import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;

/** Gradient of softmax rows: out · (g − Σ g · out), or of its logarithm: g − e^out · Σ g. */
final class SoftmaxGradLoop {
  private SoftmaxGradLoop() {}

  static void run(Rows gradOut, Rows out, Rows gradA, boolean log, long rows, long n) {
    float[] x = new float[log ? (int) Math.min(FloatTile.SIZE, n) : 0];
    float[] y = new float[x.length];
    FloatTile functions = new FloatTile(x.length);
    for (long r = 0; r < rows; r++) {
      long skipG = r * gradOut.rowBytes();
      long skipY = r * out.rowBytes();
      long skipA = r * gradA.rowBytes();
      if (log) {
        float sum = (float) SumLoop.row(gradOut, skipG, n);
        long g = Lanes.address(gradOut) + skipG;
        long to = Lanes.address(gradA) + skipA;
        logGrad(g, Lanes.address(out) + skipY, to, n, sum, x, y, functions);
        continue;
      }
      float sum = (float) dot(gradOut, skipG, out, skipY, n);
      if (n >= Lanes.LANES) {
        vector(gradOut, skipG, out, skipY, gradA, skipA, n, sum);
      }
      scalar(gradOut, skipG, out, skipY, gradA, skipA, n, sum);
    }
  }

  private static void logGrad(
      long gradOut,
      long out,
      long gradA,
      long n,
      float sum,
      float[] x,
      float[] y,
      FloatTile functions) {
    for (long i = 0; i < n; i += FloatTile.SIZE) {
      int count = (int) Math.min(FloatTile.SIZE, n - i);
      Memory.copyToArray(gradOut + 4 * i, x, 4L * count);
      Memory.copyToArray(out + 4 * i, y, 4L * count);
      functions.exp(y, count);
      for (int j = 0; j < count; j++) {
        x[j] -= y[j] * sum;
      }
      Memory.copyFromArray(x, gradA + 4 * i, 4L * count);
    }
  }

  private static double dot(Rows a, long skipA, Rows b, long skipB, long n) {
    long addressA = Lanes.address(a) + skipA;
    long addressB = Lanes.address(b) + skipB;
    // Four partial sums avoid the latency of a single chain of additions; products are exact in
    // double.
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    long i = 0;
    for (; i < 4 * (n - 3); i += 16) {
      s0 += (double) Memory.getFloat(addressA + i) * Memory.getFloat(addressB + i);
      s1 += (double) Memory.getFloat(addressA + i + 4) * Memory.getFloat(addressB + i + 4);
      s2 += (double) Memory.getFloat(addressA + i + 8) * Memory.getFloat(addressB + i + 8);
      s3 += (double) Memory.getFloat(addressA + i + 12) * Memory.getFloat(addressB + i + 12);
    }
    for (; i < 4 * n; i += 4) {
      s0 += (double) Memory.getFloat(addressA + i) * Memory.getFloat(addressB + i);
    }
    return s0 + s1 + (s2 + s3);
  }

  private static void vector(
      Rows gradOut, long skipG, Rows out, long skipY, Rows gradA, long skipA, long n, float sum) {
    long body = n / Lanes.LANES * Lanes.WIDTH;
    ByteBuffer bufferG = Lanes.buffer(gradOut);
    ByteBuffer bufferY = Lanes.buffer(out);
    ByteBuffer bufferA = Lanes.buffer(gradA);
    long atG = Lanes.position(gradOut) + skipG;
    long atY = Lanes.position(out) + skipY;
    long atA = Lanes.position(gradA) + skipA;
    for (long i = 0; i < body; i += Lanes.WIDTH) {
      FloatVector g = Lanes.load(bufferG, atG + i);
      FloatVector y = Lanes.load(bufferY, atY + i);
      Lanes.store(y.mul(g.sub(sum)), bufferA, atA + i);
    }
  }

  private static void scalar(
      Rows gradOut, long skipG, Rows out, long skipY, Rows gradA, long skipA, long n, float sum) {
    long addressG = Lanes.address(gradOut) + skipG;
    long addressY = Lanes.address(out) + skipY;
    long addressA = Lanes.address(gradA) + skipA;
    for (long i = n / Lanes.LANES * Lanes.WIDTH; i < 4 * n; i += 4) {
      float g = Memory.getFloat(addressG + i);
      float y = Memory.getFloat(addressY + i);
      Memory.putFloat(addressA + i, y * (g - sum));
    }
  }
}
