package dev.bellows.oracle;

import dev.bellows.memory.DType;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All operations, by topic. */
final class OpTable {
  private OpTable() {}

  static Map<String, List<OpInfo>> topics() {
    Map<String, List<OpInfo>> topics = new LinkedHashMap<>();
    topics.put("Pointwise", accepting(PointwiseOps.all()));
    topics.put("Reductions", accepting(ReductionOps.all()));
    topics.put("Views and joining", accepting(ViewOps.all()));
    topics.put("Indexing", accepting(IndexOps.all()));
    topics.put("Linear algebra", accepting(LinalgOps.all()));
    topics.put("Decompositions", accepting(DecompositionOps.all()));
    topics.put("Activation functions", accepting(ActivationOps.all()));
    topics.put("Normalisation", accepting(NormOps.all()));
    topics.put("Embeddings", accepting(EmbeddingOps.all()));
    topics.put("Losses and distances", accepting(LossOps.all()));
    topics.put("Neural networks", accepting(NnOps.all()));
    topics.put("Attention", accepting(AttentionOps.all()));
    topics.put("Convolutions", accepting(ConvOps.all()));
    topics.put("Pooling and resizing", accepting(PoolOps.all()));
    topics.put("Sampling", accepting(SamplingOps.all()));
    return topics;
  }

  private static final List<String> FUNCTIONS_OF_NUMBERS =
      List.of(
          "tanhshrink",
          "softsign",
          "bilinear",
          "l1Loss",
          "poissonNllLoss",
          "gaussianNllLoss",
          "marginRankingLoss",
          "tripletMarginLoss",
          "pairwiseDistance");

  private static final List<String> FUNCTIONS_OF_ALL =
      List.of("embedding", "cosineEmbeddingLoss", "channelShuffle", "lpPool1d", "lpPool2d");

  /** The types taken where not all of them are compared: results near a limit differ by type. */
  private static final Map<String, OpInfo.Types> ACCEPTED = new HashMap<>();

  static {
    ACCEPTED.put("square", OpInfo.ALL);
    LossOps.all().forEach(info -> ACCEPTED.put(info.name(), OpInfo.FLOATING));
    ACCEPTED.put("hardsigmoid", OpInfo.FLOATING);
    ACCEPTED.put("scaledDotProductAttention", OpInfo.FLOATING);
    ACCEPTED.put("localResponseNorm", OpInfo.FLOATING);
    ACCEPTED.put("maximum scalar", OpInfo.ALL);
    ACCEPTED.put("minimum scalar", OpInfo.ALL);
    ACCEPTED.put("add with alpha", OpInfo.ALL);
    ACCEPTED.put("lgamma", OpInfo.ALL);
    ACCEPTED.put("digamma", OpInfo.ALL);
    ACCEPTED.put("digamma of FLOAT64", OpInfo.ALL);
    ACCEPTED.put("polygamma", OpInfo.ALL);
    ACCEPTED.put("sinc", OpInfo.ALL);
    ACCEPTED.put("logit", OpInfo.ALL);
    ACCEPTED.put("logit at borders", OpInfo.ALL);
    ACCEPTED.put("logit with eps", OpInfo.ALL);
    ACCEPTED.put("hypot", OpInfo.FLOATING);
    ACCEPTED.put("fmod", OpInfo.NUMERIC);
    ACCEPTED.put("remainder", OpInfo.NUMERIC);
    ACCEPTED.put("floorDivide", OpInfo.NUMERIC);
    ACCEPTED.put("div rounding mode", OpInfo.NUMERIC);
    ACCEPTED.put("div truncated", OpInfo.NUMERIC);
    ACCEPTED.put("fmod integers", OpInfo.NUMERIC);
    ACCEPTED.put("remainder integers", OpInfo.NUMERIC);
    ACCEPTED.put("floorDivide integers", OpInfo.NUMERIC);
    ACCEPTED.put("div integers rounded", OpInfo.NUMERIC);
    ACCEPTED.put("fmax", OpInfo.ALL);
    ACCEPTED.put("fmin", OpInfo.ALL);
    ACCEPTED.put("logAddExp", OpInfo.FLOATING);
    ACCEPTED.put("logAddExp2", OpInfo.FLOATING);
    ACCEPTED.put("clamp", OpInfo.ALL);
    ACCEPTED.put("clampMin", OpInfo.ALL);
    ACCEPTED.put("clampMax", OpInfo.ALL);
    ACCEPTED.put("isclose", OpInfo.FLOATING);
    ACCEPTED.put("var of all", OpInfo.FLOATING);
    ACCEPTED.put("std of all", OpInfo.FLOATING);
    ACCEPTED.put("dist", OpInfo.FLOATING);
    ACCEPTED.put("topk", OpInfo.NUMERIC);
    ACCEPTED.put("kthvalue", OpInfo.NUMERIC);
    ACCEPTED.put("mode", OpInfo.ALL);
    ACCEPTED.put("histc", OpInfo.FLOATING);
    ACCEPTED.put("round decimals", OpInfo.FLOATING);
    ACCEPTED.put("fullLike", OpInfo.ALL);
    ACCEPTED.put("scatterAdd", OpInfo.ALL);
    ACCEPTED.put("scatterReduce", OpInfo.ALL);
    ACCEPTED.put("indexAdd", OpInfo.ALL);
    ACCEPTED.put("indexReduce", OpInfo.NUMERIC);
    ACCEPTED.put("indexPut accumulate", OpInfo.ALL);
    SamplingOps.all().forEach(info -> ACCEPTED.put(info.name(), OpInfo.FLOATING));
    ACCEPTED.put("avgPool3d", OpInfo.FLOATING);
    ACCEPTED.put("lpPool3d", OpInfo.FLOATING);
    ACCEPTED.put("inner", OpInfo.ALL);
    ACCEPTED.put("addr", OpInfo.ALL);
    ACCEPTED.put("einsum of one operand", OpInfo.ALL);
    for (String name : FUNCTIONS_OF_NUMBERS) {
      ACCEPTED.put(name, OpInfo.NUMERIC);
    }
    for (String name : FUNCTIONS_OF_ALL) {
      ACCEPTED.put(name, OpInfo.ALL);
    }
    // the tested value is below those of UINT8
    ACCEPTED.put("threshold", OpInfo.NUMERIC.without(DType.UINT8));
    ACCEPTED.put("embeddingBag", OpInfo.FLOATING);
    ACCEPTED.put("embeddingBag of weighted samples", OpInfo.FLOATING);
    ACCEPTED.put("interpolate", OpInfo.FLOATING.and(OpInfo.types(DType.UINT8)));
  }

  private static List<OpInfo> accepting(List<OpInfo> infos) {
    return infos.stream()
        .map(i -> i.accepting(ACCEPTED.getOrDefault(i.name(), i.types())))
        .toList();
  }

  static List<OpInfo> all() {
    return topics().values().stream().flatMap(List::stream).toList();
  }
}
