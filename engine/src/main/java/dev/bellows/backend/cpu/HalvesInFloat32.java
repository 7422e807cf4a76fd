package dev.bellows.backend.cpu;

import dev.bellows.backend.Activation;
import dev.bellows.backend.AttentionArgs;
import dev.bellows.backend.Conv2dArgs;
import dev.bellows.backend.Kernels;
import dev.bellows.memory.DType;
import dev.bellows.memory.Strided;

/** Kernels of 16-bit types that compute in FLOAT32 and round the results. */
final class HalvesInFloat32 {
  private HalvesInFloat32() {}

  private static Temp in(Kernels kernels, Strided a) {
    return a != null && a.dtype().isHalf()
        ? Temp.converted(kernels, a, DType.FLOAT32)
        : Temp.same(a);
  }

  private static Temp out(Strided out) {
    return out == null ? Temp.same(null) : Temp.converted(out, DType.FLOAT32);
  }

  static void matmul(
      Kernels kernels, Strided a, Strided b, Strided bias, Activation activation, Strided out) {
    try (Temp lhs = in(kernels, a);
        Temp rhs = in(kernels, b);
        Temp row = in(kernels, bias);
        Temp result = out(out)) {
      kernels.matmul(lhs.array(), rhs.array(), row.array(), activation, result.array());
      result.finish(kernels);
    }
  }

  static void conv2d(
      Kernels kernels,
      Strided x,
      Strided weight,
      Strided bias,
      Conv2dArgs args,
      Activation activation,
      Strided out) {
    try (Temp input = in(kernels, x);
        Temp taps = in(kernels, weight);
        Temp row = in(kernels, bias);
        Temp result = out(out)) {
      kernels.conv2d(input.array(), taps.array(), row.array(), args, activation, result.array());
      result.finish(kernels);
    }
  }

  static void conv2dGradInput(
      Kernels kernels, Strided gradOut, Strided weight, Conv2dArgs args, Strided gradX) {
    try (Temp grad = in(kernels, gradOut);
        Temp taps = in(kernels, weight);
        Temp result = out(gradX)) {
      kernels.conv2dGradInput(grad.array(), taps.array(), args, result.array());
      result.finish(kernels);
    }
  }

  static void conv2dGradWeight(
      Kernels kernels,
      Strided gradOut,
      Strided x,
      Conv2dArgs args,
      Strided gradWeight,
      Strided gradBias) {
    try (Temp grad = in(kernels, gradOut);
        Temp input = in(kernels, x);
        Temp taps = out(gradWeight);
        Temp row = out(gradBias)) {
      kernels.conv2dGradWeight(grad.array(), input.array(), args, taps.array(), row.array());
      taps.finish(kernels);
      row.finish(kernels);
    }
  }

  static void attention(
      Kernels kernels,
      Strided q,
      Strided k,
      Strided v,
      Strided mask,
      AttentionArgs args,
      Strided out) {
    try (Temp queries = in(kernels, q);
        Temp keys = in(kernels, k);
        Temp values = in(kernels, v);
        Temp allowed = in(kernels, mask);
        Temp result = out(out)) {
      kernels.attention(
          queries.array(), keys.array(), values.array(), allowed.array(), args, result.array());
      result.finish(kernels);
    }
  }

  static void attentionGrad(
      Kernels kernels,
      Strided gradOut,
      Strided q,
      Strided k,
      Strided v,
      Strided mask,
      AttentionArgs args,
      Strided gradQ,
      Strided gradK,
      Strided gradV) {
    try (Temp grad = in(kernels, gradOut);
        Temp queries = in(kernels, q);
        Temp keys = in(kernels, k);
        Temp values = in(kernels, v);
        Temp allowed = in(kernels, mask);
        Temp toQ = out(gradQ);
        Temp toK = out(gradK);
        Temp toV = out(gradV)) {
      kernels.attentionGrad(
          grad.array(),
          queries.array(),
          keys.array(),
          values.array(),
          allowed.array(),
          args,
          toQ.array(),
          toK.array(),
          toV.array());
      toQ.finish(kernels);
      toK.finish(kernels);
      toV.finish(kernels);
    }
  }
}
