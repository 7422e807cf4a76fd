package dev.bellows.backend.reference;

import dev.bellows.backend.Activation;
import dev.bellows.backend.Conv2dArgs;
import dev.bellows.backend.Scalars;
import dev.bellows.memory.DType;
import dev.bellows.memory.Strided;
import java.util.Arrays;

/**
 * Convolution by unfolding (im2col), in doubles. For each image and group, the image's planes are
 * unpacked to [c, h, w]; for each row of the output, every tap (channel, kernel row, kernel column)
 * gives a line of ow values: the input under that tap, or 0 in the padding. The output row is the
 * sum of weight · line over taps; the gradients traverse the same lines in the opposite direction.
 */
final class ConvLoops {
  private final Conv2dArgs args;
  private final int h;
  private final int w;
  private final int oh;
  private final int ow;
  private final int kh;
  private final int kw;
  private final int inGroup;
  private final int outGroup;
  private final double[] weights;
  private final double[] planes;
  private final double[] rows;
  private final double[] line;

  private ConvLoops(Strided x, Strided weight, Strided out, Conv2dArgs args) {
    Scalars.requireFloating("conv2d", x.dtype());
    this.args = args;
    this.h = (int) x.size(2);
    this.w = (int) x.size(3);
    this.oh = (int) out.size(2);
    this.ow = (int) out.size(3);
    this.inGroup = (int) weight.size(1);
    this.outGroup = (int) weight.size(0) / args.groups();
    this.kh = (int) weight.size(2);
    this.kw = (int) weight.size(3);
    this.weights = new double[Math.toIntExact(weight.numel())];
    this.planes = new double[Math.toIntExact((long) inGroup * h * w)];
    this.rows = new double[outGroup * ow];
    this.line = new double[ow];
  }

  static void forward(
      Strided x, Strided weight, Strided bias, Conv2dArgs args, Activation act, Strided out) {
    if (out.numel() == 0) {
      return;
    }
    ConvLoops conv = new ConvLoops(x, weight, out, args);
    conv.loadWeights(weight);
    for (int n = 0; n < x.size(0); n++) {
      for (int group = 0; group < args.groups(); group++) {
        conv.loadPlanes(x, n, group);
        for (int y = 0; y < conv.oh; y++) {
          conv.outputRow(group, y);
          conv.finishRow(bias, act, out, n, group, y);
        }
      }
    }
  }

  private void outputRow(int group, int y) {
    Arrays.fill(rows, 0);
    int taps = inGroup * kh * kw;
    for (int tap = 0; tap < taps; tap++) {
      if (!fillLine(tap, y)) {
        continue;
      }
      for (int o = 0; o < outGroup; o++) {
        double weight = weights[(group * outGroup + o) * taps + tap];
        MatMulLoops.addScaled(weight, line, 0, rows, o * ow, ow);
      }
    }
  }

  private void finishRow(Strided bias, Activation act, Strided out, int n, int group, int y) {
    if (bias != null) {
      int bytes = bias.dtype().bytes();
      for (int o = 0; o < outGroup; o++) {
        long at = bias.address() + (long) (group * outGroup + o) * bias.stride(0) * bytes;
        double shift = Access.getDouble(bias.dtype(), at);
        for (int i = o * ow; i < (o + 1) * ow; i++) {
          rows[i] += shift;
        }
      }
    }
    MatMulLoops.activate(act, rows, outGroup * ow);
    long step = out.stride(3) * out.dtype().bytes();
    for (int o = 0; o < outGroup; o++) {
      long at = at(out, n, group * outGroup + o, y);
      Access.store(out.dtype(), at, step, ow, rows, o * ow);
    }
  }

  static void gradInput(Strided gradOut, Strided weight, Conv2dArgs args, Strided gradX) {
    if (gradX.numel() == 0) {
      return;
    }
    ConvLoops conv = new ConvLoops(gradX, weight, gradOut, args);
    conv.loadWeights(weight);
    for (int n = 0; n < gradX.size(0); n++) {
      for (int group = 0; group < args.groups(); group++) {
        Arrays.fill(conv.planes, 0);
        for (int y = 0; y < conv.oh; y++) {
          conv.loadRows(gradOut, n, group, y);
          conv.spreadRow(group, y);
        }
        conv.storePlanes(gradX, n, group);
      }
    }
  }

  private void spreadRow(int group, int y) {
    int taps = inGroup * kh * kw;
    for (int tap = 0; tap < taps; tap++) {
      int row = y * args.strideH() - args.padH() + tap / kw % kh * args.dilationH();
      if (row < 0 || row >= h) {
        continue;
      }
      Arrays.fill(line, 0);
      for (int o = 0; o < outGroup; o++) {
        double weight = weights[(group * outGroup + o) * taps + tap];
        MatMulLoops.addScaled(weight, rows, o * ow, line, 0, ow);
      }
      int start = (tap / (kh * kw) * h + row) * w;
      int shift = tap % kw * args.dilationW() - args.padW();
      for (int i = firstInside(shift); i < endInside(shift); i++) {
        planes[start + i * args.strideW() + shift] += line[i];
      }
    }
  }

  static void gradWeight(
      Strided gradOut, Strided x, Conv2dArgs args, Strided gradWeight, Strided gradBias) {
    if (gradWeight.numel() == 0 && gradBias == null) {
      return;
    }
    ConvLoops conv = new ConvLoops(x, gradWeight, gradOut, args);
    double[] shifts = new double[(int) gradOut.size(1)];
    for (int n = 0; n < x.size(0); n++) {
      for (int group = 0; group < args.groups(); group++) {
        conv.loadPlanes(x, n, group);
        for (int y = 0; y < conv.oh; y++) {
          conv.loadRows(gradOut, n, group, y);
          conv.collectRow(group, y, shifts);
        }
      }
    }
    conv.storeWeights(gradWeight);
    if (gradBias != null) {
      DType type = gradBias.dtype();
      long step = gradBias.stride(0) * type.bytes();
      Access.store(type, gradBias.address(), step, shifts.length, shifts);
    }
  }

  private void collectRow(int group, int y, double[] shifts) {
    int taps = inGroup * kh * kw;
    for (int tap = 0; tap < taps; tap++) {
      if (!fillLine(tap, y)) {
        continue;
      }
      for (int o = 0; o < outGroup; o++) {
        double sum = 0;
        for (int i = 0; i < ow; i++) {
          sum += rows[o * ow + i] * line[i];
        }
        weights[(group * outGroup + o) * taps + tap] += sum;
      }
    }
    for (int o = 0; o < outGroup; o++) {
      for (int i = o * ow; i < (o + 1) * ow; i++) {
        shifts[group * outGroup + o] += rows[i];
      }
    }
  }

  /** Loads the input under a tap along output row y; returns false if all of it is padding. */
  private boolean fillLine(int tap, int y) {
    int row = y * args.strideH() - args.padH() + tap / kw % kh * args.dilationH();
    if (row < 0 || row >= h) {
      return false;
    }
    int start = (tap / (kh * kw) * h + row) * w;
    int shift = tap % kw * args.dilationW() - args.padW();
    int first = firstInside(shift);
    int end = endInside(shift);
    Arrays.fill(line, 0);
    for (int i = first; i < end; i++) {
      line[i] = planes[start + i * args.strideW() + shift];
    }
    return true;
  }

  /** Returns the first output column i with i · strideW + shift ≥ 0. */
  private int firstInside(int shift) {
    return shift >= 0 ? 0 : Math.min(ow, -Math.floorDiv(shift, args.strideW()));
  }

  /** Returns one past the last output column i with i · strideW + shift &lt; w. */
  private int endInside(int shift) {
    return Math.max(0, Math.min(ow, Math.floorDiv(w - 1 - shift, args.strideW()) + 1));
  }

  private static long at(Strided a, int n, int c, int y) {
    long elements = n * a.stride(0) + c * a.stride(1) + y * a.stride(2);
    return a.address() + elements * a.dtype().bytes();
  }

  private void loadPlanes(Strided x, int n, int group) {
    long step = x.stride(3) * x.dtype().bytes();
    for (int c = 0; c < inGroup; c++) {
      for (int y = 0; y < h; y++) {
        long at = at(x, n, group * inGroup + c, y);
        Access.load(x.dtype(), at, step, w, planes, (c * h + y) * w);
      }
    }
  }

  private void storePlanes(Strided x, int n, int group) {
    long step = x.stride(3) * x.dtype().bytes();
    for (int c = 0; c < inGroup; c++) {
      for (int y = 0; y < h; y++) {
        long at = at(x, n, group * inGroup + c, y);
        Access.store(x.dtype(), at, step, w, planes, (c * h + y) * w);
      }
    }
  }

  private void loadRows(Strided gradOut, int n, int group, int y) {
    long step = gradOut.stride(3) * gradOut.dtype().bytes();
    for (int o = 0; o < outGroup; o++) {
      long at = at(gradOut, n, group * outGroup + o, y);
      Access.load(gradOut.dtype(), at, step, ow, rows, o * ow);
    }
  }

  private void loadWeights(Strided weight) {
    Loop loop = Loop.over(Loop.BLOCK, true, weight);
    int start = 0;
    for (int n = loop.next(); n > 0; n = loop.next()) {
      Access.load(weight.dtype(), loop.address[0], loop.step[0], n, weights, start);
      start += n;
    }
  }

  private void storeWeights(Strided weight) {
    Loop loop = Loop.over(Loop.BLOCK, true, weight);
    int start = 0;
    for (int n = loop.next(); n > 0; n = loop.next()) {
      Access.store(weight.dtype(), loop.address[0], loop.step[0], n, weights, start);
      start += n;
    }
  }
}
