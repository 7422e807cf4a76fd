package dev.bellows.benchmarks;

import dev.bellows.backend.Conv2dArgs;
import dev.bellows.benchmarks.OpCase.Input;
import dev.bellows.memory.DType;
import dev.bellows.nn.Functional;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The calls that both sides make: a line each. Arguments without a shape are [n / 1024, 1024]. */
final class OpCases {
  private static final long K4 = 1 << 12;
  private static final long M1 = 1 << 20;
  private static final long[] ALL = {K4, M1, 1 << 24};
  private static final long[] TWO = {K4, M1};
  private static final long[] M = {M1};
  private static final int COLUMNS = 1024;

  private static final Input F = new Input(DType.FLOAT32, -2, 2);
  private static final Input POSITIVE = new Input(DType.FLOAT32, 0.1, 3);
  private static final Input CHANCE = new Input(DType.FLOAT32, 0, 1);
  private static final Input NEAR_ONE = new Input(DType.FLOAT32, 0.99, 1.01);
  private static final Input D = new Input(DType.FLOAT64, -2, 2);
  private static final Input BF = new Input(DType.BFLOAT16, -2, 2);
  private static final Input H = new Input(DType.FLOAT16, -2, 2);
  private static final Input L = new Input(DType.INT64, -100, 100);
  private static final Input I = new Input(DType.INT32, -100, 100);
  private static final Input B = new Input(DType.BOOL, 0, 2);
  private static final Input ROWS = new Input(DType.INT64, 0, COLUMNS);

  private final List<OpCase> cases = new ArrayList<>();

  private OpCases() {}

  /** Returns all cases; a case's place in the list is its number. */
  static List<OpCase> all() {
    OpCases table = new OpCases();
    table.pointwise();
    table.conditions();
    table.casts();
    table.reductions();
    table.copies();
    table.indices();
    table.products();
    table.layers();
    return table.cases;
  }

  private void add(
      long[] sizes,
      String family,
      String name,
      String script,
      Function<Tensor[], Tensor> ours,
      Input... inputs) {
    for (long n : sizes) {
      List<Input> sized = new ArrayList<>();
      for (Input input : inputs) {
        sized.add(input.shape().length > 0 ? input : input.of(n / COLUMNS, COLUMNS));
      }
      cases.add(new OpCase(family, name + " " + OpCase.size(n), script, ours, sized));
    }
  }

  /** Adds a case whose arguments have shapes. */
  private void one(
      String family, String name, String script, Function<Tensor[], Tensor> ours, Input... inputs) {
    cases.add(new OpCase(family, name, script, ours, List.of(inputs)));
  }

  private void pointwise() {
    String f = "pointwise";
    add(ALL, f, "add", "x0 + x1", x -> x[0].add(x[1]), F, F);
    add(TWO, f, "add row", "x0 + x1", x -> x[0].add(x[1]), F, F.of(COLUMNS));
    add(TWO, f, "mul number", "x0 * 3.0", x -> x[0].mul(3), F);
    add(ALL, f, "exp", "torch.exp(x0)", x -> x[0].exp(), F);
    add(TWO, f, "log", "torch.log(x0)", x -> x[0].log(), POSITIVE);
    add(TWO, f, "tanh", "torch.tanh(x0)", x -> x[0].tanh(), F);
    add(TWO, f, "sigmoid", "torch.sigmoid(x0)", x -> x[0].sigmoid(), F);
    add(M, f, "sin", "torch.sin(x0)", x -> x[0].sin(), F);
    add(M, f, "cos", "torch.cos(x0)", x -> x[0].cos(), F);
    add(TWO, f, "erf", "torch.erf(x0)", x -> x[0].erf(), F);
    add(M, f, "log1p", "torch.log1p(x0)", x -> x[0].log1p(), POSITIVE);
    add(M, f, "expm1", "torch.expm1(x0)", x -> x[0].expm1(), F);
    add(M, f, "atan", "torch.atan(x0)", x -> x[0].atan(), F);
    add(M, f, "sqrt", "torch.sqrt(x0)", x -> x[0].sqrt(), POSITIVE);
    add(M, f, "rsqrt", "torch.rsqrt(x0)", x -> x[0].rsqrt(), POSITIVE);
    add(TWO, f, "pow 2.5", "torch.pow(x0, 2.5)", x -> x[0].pow(2.5), POSITIVE);
    add(M, f, "pow 2", "torch.pow(x0, 2)", x -> x[0].pow(2), F);
    add(M, f, "floor", "torch.floor(x0)", x -> x[0].floor(), F);
    add(M, f, "sign", "torch.sign(x0)", x -> x[0].sign(), F);
    add(TWO, f, "relu", "torch.relu(x0)", x -> x[0].relu(), F);
    add(TWO, f, "gelu", "torch.gelu(x0)", x -> Functional.gelu(x[0]), F);
    add(M, f, "silu", "torch.silu(x0)", x -> Functional.silu(x[0]), F);
    add(M, f, "softplus", "torch.softplus(x0)", x -> Functional.softplus(x[0]), F);
    add(M, f, "leaky relu", "torch.leaky_relu(x0)", x -> Functional.leakyRelu(x[0], 0.01), F);
    add(M, f, "elu", "torch.elu(x0)", x -> Functional.elu(x[0], 1), F);
    add(M, f, "maximum", "torch.maximum(x0, x1)", x -> x[0].maximum(x[1]), F, F);
    add(M, f, "lerp", "torch.lerp(x0, x1, 0.3)", x -> x[0].lerp(x[1], 0.3), F, F);
    String addcmul = "torch.addcmul(x0, x1, x2)";
    add(M, f, "addcmul", addcmul, x -> x[0].addcmul(x[1], x[2], 1), F, F, F);
    String t = "types";
    add(TWO, t, "add FLOAT64", "x0 + x1", x -> x[0].add(x[1]), D, D);
    add(TWO, t, "add BFLOAT16", "x0 + x1", x -> x[0].add(x[1]), BF, BF);
    add(TWO, t, "add FLOAT16", "x0 + x1", x -> x[0].add(x[1]), H, H);
    add(TWO, t, "add INT64", "x0 + x1", x -> x[0].add(x[1]), L, L);
    add(M, t, "add INT32", "x0 + x1", x -> x[0].add(x[1]), I, I);
    add(M, t, "mul FLOAT64", "x0 * x1", x -> x[0].mul(x[1]), D, D);
    add(M, t, "exp FLOAT64", "torch.exp(x0)", x -> x[0].exp(), D);
    add(M, t, "relu BFLOAT16", "torch.relu(x0)", x -> x[0].relu(), BF);
    add(M, t, "sum FLOAT64", "x0.sum()", x -> x[0].sum(), D);
    add(M, t, "sum INT64", "x0.sum()", x -> x[0].sum(), L);
    add(M, t, "sum BOOL", "x0.sum()", x -> x[0].sum(), B);
    add(M, t, "sum BFLOAT16", "x0.sum()", x -> x[0].sum(), BF);
  }

  private void conditions() {
    String f = "conditions";
    add(ALL, f, "gt", "x0 > x1", x -> x[0].gt(x[1]), F, F);
    add(TWO, f, "gt number", "x0 > 0.5", x -> x[0].gt(0.5), F);
    add(M, f, "eq INT64", "x0 == x1", x -> x[0].eq(x[1]), L, L);
    add(M, f, "and BOOL", "torch.logical_and(x0, x1)", x -> x[0].logicalAnd(x[1]), B, B);
    add(M, f, "not BOOL", "torch.logical_not(x0)", x -> x[0].logicalNot(), B);
    add(ALL, f, "where", "torch.where(x0, x1, x2)", x -> Tensor.where(x[0], x[1], x[2]), B, F, F);
    add(TWO, f, "maskedFill", "x0.masked_fill(x1, 0.0)", x -> x[0].maskedFill(x[1], 0), F, B);
    add(TWO, f, "clamp", "torch.clamp(x0, -1.0, 1.0)", x -> x[0].clamp(-1, 1), F);
    add(M, f, "isnan", "torch.isnan(x0)", x -> x[0].isnan(), F);
  }

  private void casts() {
    String f = "casts"; // types are given by their numbers in TorchScript
    add(ALL, f, "to FLOAT64", "x0.to(7)", x -> x[0].to(DType.FLOAT64), F);
    add(M, f, "from FLOAT64", "x0.to(6)", x -> x[0].to(DType.FLOAT32), D);
    add(TWO, f, "to BFLOAT16", "x0.to(15)", x -> x[0].to(DType.BFLOAT16), F);
    add(M, f, "from BFLOAT16", "x0.to(6)", x -> x[0].to(DType.FLOAT32), BF);
    add(M, f, "to FLOAT16", "x0.to(5)", x -> x[0].to(DType.FLOAT16), F);
    add(M, f, "from FLOAT16", "x0.to(6)", x -> x[0].to(DType.FLOAT32), H);
    add(M, f, "to INT64", "x0.to(4)", x -> x[0].to(DType.INT64), F);
    add(M, f, "from INT64", "x0.to(6)", x -> x[0].to(DType.FLOAT32), L);
    add(M, f, "to BOOL", "x0.to(11)", x -> x[0].to(DType.BOOL), F);
    add(M, f, "from BOOL", "x0.to(6)", x -> x[0].to(DType.FLOAT32), B);
  }

  private void reductions() {
    String f = "reductions";
    add(ALL, f, "sum", "x0.sum()", x -> x[0].sum(), F);
    add(TWO, f, "sum(0)", "x0.sum(0)", x -> x[0].sum(0), F);
    add(TWO, f, "sum(1)", "x0.sum(1)", x -> x[0].sum(1), F);
    add(M, f, "mean(1)", "x0.mean(1)", x -> x[0].mean(1), F);
    add(M, f, "var(1)", "x0.var(1)", x -> x[0].var(1), F);
    add(M, f, "norm", "x0.norm()", x -> x[0].norm(), F);
    add(M, f, "prod(1)", "x0.prod(1)", x -> x[0].prod(1), NEAR_ONE);
    add(M, f, "amax(0)", "x0.amax(0)", x -> x[0].amax(0), F);
    add(TWO, f, "amax(1)", "x0.amax(1)", x -> x[0].amax(1), F);
    add(M, f, "argmax(1)", "x0.argmax(1)", x -> x[0].argmax(1), F);
    add(M, f, "all(1)", "x0.all(1)", x -> x[0].all(1), B);
    add(M, f, "cumsum(1)", "x0.cumsum(1)", x -> x[0].cumsum(1), F);
    add(M, f, "cumsum(0)", "x0.cumsum(0)", x -> x[0].cumsum(0), F);
    add(TWO, f, "softmax(1)", "torch.softmax(x0, 1)", x -> x[0].softmax(1), F);
    add(M, f, "softmax(0)", "torch.softmax(x0, 0)", x -> x[0].softmax(0), F);
    add(M, f, "logSoftmax(1)", "torch.log_softmax(x0, 1)", x -> x[0].logSoftmax(1), F);
    add(M, f, "logSumExp(1)", "torch.logsumexp(x0, 1)", x -> x[0].logSumExp(1), F);
  }

  private void copies() {
    String f = "copies";
    add(M, f, "transpose", "x0.t().contiguous()", x -> x[0].t().contiguous(), F);
    String permute = "x0.permute(0, 2, 1, 3).contiguous()";
    one(f, "permute 1M", permute, x -> x[0].permute(0, 2, 1, 3).contiguous(), F.of(32, 256, 4, 32));
    one(
        f,
        "permute FLOAT64",
        permute,
        x -> x[0].permute(0, 2, 1, 3).contiguous(),
        D.of(32, 256, 4, 32));
    one(
        f,
        "to channels last",
        "x0.permute(0, 2, 3, 1).contiguous()",
        x -> x[0].permute(0, 2, 3, 1).contiguous(),
        F.of(32, 32, 32, 32));
    add(M, f, "slice", "x0[:, 100:900].contiguous()", x -> x[0].slice(1, 100, 900).contiguous(), F);
    add(M, f, "step", "x0[:, ::2].contiguous()", x -> x[0].slice(1, 0, 1024, 2).contiguous(), F);
    add(
        M,
        f,
        "expand",
        "x0.expand([1024, 1024]).contiguous()",
        x -> x[0].expand(1024, 1024).contiguous(),
        F.of(1024, 1));
    add(ALL, f, "cat(0)", "torch.cat([x0, x1], 0)", x -> Tensor.cat(List.of(x), 0), F, F);
    add(TWO, f, "cat(1)", "torch.cat([x0, x1], 1)", x -> Tensor.cat(List.of(x), 1), F, F);
    add(M, f, "cat INT64", "torch.cat([x0, x1], 1)", x -> Tensor.cat(List.of(x), 1), L, L);
    add(M, f, "stack(1)", "torch.stack([x0, x1], 1)", x -> Tensor.stack(List.of(x), 1), F, F);
    add(M, f, "repeat", "x0.repeat([2, 2])", x -> x[0].repeat(2, 2), F);
    add(M, f, "flip", "x0.flip([1])", x -> x[0].flip(1), F);
    add(M, f, "roll", "x0.roll([5], [1])", x -> x[0].roll(new long[] {5}, new int[] {1}), F);
    add(M, f, "tril", "x0.tril()", x -> x[0].tril(0), F);
  }

  private void indices() {
    String f = "indices";
    Input places = ROWS.of(4096);
    one(
        f,
        "indexSelect 4096 rows",
        "x0.index_select(0, x1)",
        x -> x[0].indexSelect(0, x[1]),
        F.of(1024, 256),
        places);
    one(
        f,
        "indexAdd 4096 rows",
        "x0.index_add(0, x1, x2)",
        x -> x[0].indexAdd(0, x[1], x[2], 1),
        F.of(1024, 256),
        places,
        F.of(4096, 256));
    one(
        f,
        "embedding 4096 rows",
        "torch.embedding(x0, x1)",
        x -> Functional.embedding(x[1], x[0]),
        F.of(1024, 256),
        places);
    add(M, f, "gather(1)", "x0.gather(1, x1)", x -> x[0].gather(1, x[1]), F, ROWS);
    add(
        M,
        f,
        "scatterAdd(1)",
        "x0.scatter_add(1, x1, x2)",
        x -> x[0].scatterAdd(1, x[1], x[2]),
        F,
        ROWS,
        F);
    add(M, f, "maskedSelect", "x0.masked_select(x1)", x -> x[0].maskedSelect(x[1]), F, B);
    add(M, f, "sort(1)", "x0.sort(1)[0]", x -> x[0].sort(1).values(), F);
    add(M, f, "topk 10", "x0.topk(10, 1)[0]", x -> x[0].topk(10, 1).values(), F);
    String r = "random";
    add(M, r, "randn", "torch.randn_like(x0)", x -> Tensor.randnLike(x[0]), F);
    add(M, r, "rand", "torch.rand_like(x0)", x -> Tensor.randLike(x[0]), F);
    add(M, r, "bernoulli", "torch.bernoulli(x0)", x -> Tensor.bernoulli(x[0]), CHANCE);
    add(
        M,
        r,
        "dropout",
        "torch.dropout(x0, 0.5, True)",
        x -> Functional.dropout(x[0], 0.5, true),
        F);
  }

  private void products() {
    String f = "products";
    String matmul = "torch.matmul(x0, x1)";
    Function<Tensor[], Tensor> ours = x -> x[0].matmul(x[1]);
    one(f, "matmul 64", matmul, ours, F.of(64, 64), F.of(64, 64));
    one(f, "matmul 256", matmul, ours, F.of(256, 256), F.of(256, 256));
    one(f, "matmul 1M", matmul, ours, F.of(1024, 1024), F.of(1024, 1024));
    one(f, "matmul tall", matmul, ours, F.of(4096, 64), F.of(64, 64));
    one(f, "matmul vector", matmul, ours, F.of(1024, 1024), F.of(1024));
    one(f, "matmul batch", matmul, ours, F.of(64, 128, 64), F.of(64, 64, 128));
    String transposed = "torch.matmul(x0, x1.t())";
    one(
        f,
        "matmul transposed",
        transposed,
        x -> x[0].matmul(x[1].t()),
        F.of(256, 1024),
        F.of(1024, 1024));
    String t = "products of types";
    one(t, "matmul FLOAT64 256", matmul, ours, D.of(256, 256), D.of(256, 256));
    one(t, "matmul FLOAT64 1M", matmul, ours, D.of(1024, 1024), D.of(1024, 1024));
    one(t, "matmul BFLOAT16 1M", matmul, ours, BF.of(1024, 1024), BF.of(1024, 1024));
    one(t, "matmul FLOAT16 1M", matmul, ours, H.of(1024, 1024), H.of(1024, 1024));
  }

  private void layers() {
    String f = "layers";
    one(
        f,
        "linear",
        "torch.linear(x0, x1, x2)",
        x -> Functional.linear(x[0], x[1], x[2]),
        F.of(256, 1024),
        F.of(1024, 1024),
        F.of(1024));
    one(
        f,
        "conv2d 3x3",
        "torch.conv2d(x0, x1, x2, padding=[1, 1])",
        x -> Functional.conv2d(x[0], x[1], x[2], padded(1)),
        F.of(32, 64, 32, 32),
        F.of(64, 64, 3, 3),
        F.of(64));
    Input images = F.of(32, 32, 32, 32);
    one(f, "maxPool2d", "torch.max_pool2d(x0, [2, 2])", x -> Functional.maxPool2d(x[0], 2), images);
    one(f, "avgPool2d", "torch.avg_pool2d(x0, [2, 2])", x -> Functional.avgPool2d(x[0], 2), images);
    add(
        M,
        f,
        "layerNorm",
        "torch.layer_norm(x0, [1024], x1, x2)",
        x -> Functional.layerNorm(x[0], new long[] {COLUMNS}, x[1], x[2]),
        F,
        F.of(COLUMNS),
        F.of(COLUMNS));
    add(
        M,
        f,
        "crossEntropy",
        "torch.cross_entropy_loss(x0, x1)",
        x -> Functional.crossEntropy(x[0], x[1]),
        F,
        ROWS.of(1024));
    Input heads = F.of(32, 4, 256, 32);
    one(
        f,
        "attention",
        "torch.scaled_dot_product_attention(x0, x1, x2)",
        x -> Functional.scaledDotProductAttention(x[0], x[1], x[2]),
        heads,
        heads,
        heads);
    add(M, f, "mseLoss", "torch.mse_loss(x0, x1)", x -> Functional.mseLoss(x[0], x[1]), F, F);
  }

  private static Conv2dArgs padded(int padding) {
    return new Conv2dArgs(1, 1, padding, padding, 1, 1, 1);
  }
}
