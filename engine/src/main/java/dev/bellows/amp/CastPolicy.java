package dev.bellows.amp;

import dev.bellows.memory.Device;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The types that operations run in; the lists are PyTorch's for each kind of device. */
enum CastPolicy {
  /** As given. */
  NONE,
  /** The region's type. */
  LOWER,
  /** FLOAT32, unless the call names a type. */
  FLOAT32,
  /** The widest type of the tensors. */
  WIDEST,
  /** Not at all, since results would overflow. */
  REFUSED;

  private static final Set<String> LOWER_EVERYWHERE =
      Set.of(
          "addbmm",
          "addmm",
          "baddbmm",
          "bmm",
          "chainMatmul",
          "conv1d",
          "conv2d",
          "conv3d",
          "convTranspose1d",
          "convTranspose2d",
          "convTranspose3d",
          "einsum",
          "linear",
          "matmul",
          "mm",
          "prelu",
          "scaledDotProductAttention",
          "tensordot",
          "inner");

  private static final Set<String> FLOAT32_EVERYWHERE =
      Set.of(
          "binaryCrossEntropyWithLogits",
          "cdist",
          "cosineEmbeddingLoss",
          "crossEntropy",
          "hingeEmbeddingLoss",
          "huberLoss",
          "klDiv",
          "l1Loss",
          "marginRankingLoss",
          "mseLoss",
          "multiMarginLoss",
          "multilabelMarginLoss",
          "nllLoss",
          "poissonNllLoss",
          "prod",
          "smoothL1Loss",
          "softMarginLoss",
          "tripletMarginLoss");

  private static final Map<Device.Type, Map<CastPolicy, Set<String>>> LISTS =
      Map.of(
          Device.Type.CPU,
          Map.of(
              FLOAT32,
              Set.of(
                  "adaptiveAvgPool3d",
                  "adaptiveMaxPool3d",
                  "adaptiveMaxPool3dWithIndices",
                  "avgPool3d",
                  "binaryCrossEntropy",
                  "gridSample",
                  "maxPool3d",
                  "maxUnpool2d",
                  "maxUnpool3d",
                  "quantile",
                  "trace"),
              WIDEST,
              Set.of("cat", "indexCopy", "stack")),
          Device.Type.CUDA,
          Map.of(
              LOWER,
              Set.of("addmv", "addr", "mv"),
              FLOAT32,
              Set.of(
                  "acos",
                  "asin",
                  "cosh",
                  "cosineSimilarity",
                  "cumprod",
                  "cumsum",
                  "dist",
                  "erfinv",
                  "exp",
                  "expm1",
                  "groupNorm",
                  "layerNorm",
                  "log",
                  "log10",
                  "log1p",
                  "log2",
                  "logSoftmax",
                  "logSumExp",
                  "norm",
                  "pdist",
                  "pow",
                  "reciprocal",
                  "rsqrt",
                  "sinh",
                  "softmax",
                  "softplus",
                  "sum",
                  "tan"),
              WIDEST,
              Set.of(
                  "addcdiv",
                  "addcmul",
                  "atan2",
                  "bilinear",
                  "cat",
                  "cross",
                  "dot",
                  "gridSample",
                  "indexPut",
                  "scatterAdd",
                  "stack",
                  "vdot"),
              REFUSED,
              Set.of("binaryCrossEntropy")));

  private static final Map<Device.Type, Map<String, CastPolicy>> BY_CALL =
      Map.of(
          Device.Type.CPU, new ConcurrentHashMap<>(), Device.Type.CUDA, new ConcurrentHashMap<>());

  /** Returns the policy of a call as {@code nn.linear(Tensor,Tensor)}. */
  static CastPolicy of(Device.Type device, String call) {
    return BY_CALL.get(device).computeIfAbsent(call, c -> ofName(device, name(c)));
  }

  /** Returns the names in all lists. */
  static Set<String> names() {
    Set<String> names = new java.util.TreeSet<>(LOWER_EVERYWHERE);
    names.addAll(FLOAT32_EVERYWHERE);
    LISTS.values().forEach(lists -> lists.values().forEach(names::addAll));
    return names;
  }

  static String name(String call) {
    String name = call.substring(0, call.indexOf('('));
    return name.startsWith("nn.") ? name.substring("nn.".length()) : name;
  }

  private static CastPolicy ofName(Device.Type device, String name) {
    if (LOWER_EVERYWHERE.contains(name)) {
      return LOWER;
    }
    if (FLOAT32_EVERYWHERE.contains(name)) {
      return FLOAT32;
    }
    for (Map.Entry<CastPolicy, Set<String>> list : LISTS.get(device).entrySet()) {
      if (list.getValue().contains(name)) {
        return list.getKey();
      }
    }
    return NONE;
  }
}
