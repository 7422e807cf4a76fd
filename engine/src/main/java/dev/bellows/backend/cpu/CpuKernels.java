package dev.bellows.backend.cpu;

import dev.bellows.backend.Activation;
import dev.bellows.backend.AdamArgs;
import dev.bellows.backend.AttentionArgs;
import dev.bellows.backend.BinaryOp;
import dev.bellows.backend.Conv2dArgs;
import dev.bellows.backend.Pool2dArgs;
import dev.bellows.backend.RandomKey;
import dev.bellows.backend.ReduceOp;
import dev.bellows.backend.Scalars;
import dev.bellows.backend.SgdArgs;
import dev.bellows.backend.UnaryOp;
import dev.bellows.backend.reference.BinaryBlock;
import dev.bellows.backend.reference.ReferenceKernels;
import dev.bellows.backend.reference.UnaryBlock;
import dev.bellows.memory.DType;
import dev.bellows.memory.Memory;
import dev.bellows.memory.Shapes;
import dev.bellows.memory.Strided;
import dev.bellows.memory.Warnings;
import java.util.Arrays;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * CPU kernels: FLOAT32 runs on oneDNN and the Vector API; other types and layouts fall back to the
 * reference loops.
 */
public final class CpuKernels extends ReferenceKernels {
  private static final Logger LOG = LoggerFactory.getLogger(CpuKernels.class);
  private static final String LOOPS = "dev.bellows.backend.cpu.vector.VectorLoops";

  /** Number of elements below which a strided copy does not repay the cost of a primitive. */
  private static final int FEW = 64;

  /** Channels in a block of oneDNN: 8 on AVX2, 16 on AVX-512. */
  private static final int MOST_IN_BLOCK = 16;

  private final DnnCache cache = new DnnCache(Integer.getInteger("bellows.cpu.primitives", 1024));
  private final DnnMatMul matmuls = new DnnMatMul(cache);
  private final DnnConv convolutions = new DnnConv(cache);
  private final DnnReorder reorders = new DnnReorder(cache);
  private final DnnEltwise activations = new DnnEltwise(cache);
  private final DnnNorm norms = new DnnNorm(cache);
  private final Loops loops;
  private final VectorPaths vectors;
  private final VectorReduce reductions;

  private CpuKernels(Loops loops) {
    this.loops = loops;
    this.vectors = new VectorPaths(loops, this);
    this.reductions = loops == null ? null : new VectorReduce(loops);
  }

  /**
   * Loads the native library and returns the kernels.
   *
   * @throws IllegalStateException naming what is missing
   */
  public static CpuKernels open() {
    Dnn.load();
    Loops loops = null;
    String vector;
    try {
      loops = (Loops) Class.forName(LOOPS).getDeclaredConstructor().newInstance();
      vector = "vector " + loops.describe();
    } catch (ReflectiveOperationException | LinkageError e) {
      loops = null;
      vector = "no vector loops";
      Warnings.warn(
          LOG,
          "backend: cpu: no vector loops, which is slow: {} (start Java with --add-modules"
              + " jdk.incubator.vector)",
          Dnn.firstLine(e));
    }
    LOG.info("backend: cpu: {}, {}", Dnn.describe(), vector);
    return new CpuKernels(loops);
  }

  @Override
  public String name() {
    return "cpu";
  }

  @Override
  public String fingerprint() {
    return "cpu " + Dnn.fingerprint() + " vector=" + (loops == null ? "none" : loops.bits());
  }

  /** Returns the number of cached idle plans; for tests. */
  int cachedPlans() {
    return cache.size();
  }

  private static boolean floats(Strided a) {
    return a.dtype() == DType.FLOAT32 && a.numel() > 0;
  }

  @Override
  public void fill(Strided out, Number value) {
    if (out.isDense() && isZero(value)) {
      Memory.set(out.address(), out.numel() * out.dtype().bytes(), (byte) 0);
    } else if (out.dtype() != DType.FLOAT32 || !vectors.fill(value.floatValue(), out)) {
      super.fill(out, value);
    }
  }

  private static boolean isZero(Number value) {
    // Excludes minus zero, whose bits are not all zero.
    return value.longValue() == 0 && Double.doubleToRawLongBits(value.doubleValue()) == 0;
  }

  @Override
  public void copy(Strided src, Strided out) {
    if (src.dtype() == out.dtype() && src.sameLayout(out) && out.isDense()) {
      Memory.copy(src.address(), out.address(), out.numel() * out.dtype().bytes());
    } else if (src.dtype() == out.dtype() && src.numel() > 0 && RowCopies.copy(src, out)) {
      return;
    } else if (src.dtype() != out.dtype() && CastLoops.copy(src, out)) {
      return;
    } else if (!floats(src) || !floats(out) || !copyFloats(src, out)) {
      super.copy(src, out);
    }
  }

  private boolean copyFloats(Strided src, Strided out) {
    if (vectors.copy(src, out)) {
      return true;
    }
    if (src.numel() < FEW || !DnnReorder.accepts(src) || !DnnReorder.accepts(out)) {
      return false;
    }
    reorders.run(src, out);
    return true;
  }

  @Override
  public void unary(UnaryOp op, Strided a, Strided out) {
    if (DnnEltwise.supports(op) && floats(a)) {
      try (Temp result = out.isDense() ? Temp.same(out) : Temp.contiguousOut(out);
          Temp input = Temp.inLayoutOf(this, a, result.array())) {
        activations.forward(op, input.array(), result.array());
        result.finish(this);
      }
    } else if (!vectors.unary(op, a, out) && !FloatLoops.unary(op, a, out)) {
      IntFunction<UnaryBlock> functions = TileFunctions.unary(op, a.dtype());
      if (functions != null) {
        unary(a, out, functions);
      } else {
        super.unary(op, a, out);
      }
    }
  }

  @Override
  public boolean hasUnaryGrad(UnaryOp op, DType dtype) {
    return dtype == DType.FLOAT32 && (DnnEltwise.supports(op) || op == UnaryOp.GELU_TANH);
  }

  @Override
  public void unaryGrad(UnaryOp op, Strided gradOut, Strided a, Strided gradA) {
    try (Temp grad = Temp.inLayoutOf(this, gradOut, gradA);
        Temp input = Temp.inLayoutOf(this, a, gradA)) {
      if (op == UnaryOp.GELU_TANH) {
        FloatLoops.geluTanhGrad(grad.array(), input.array(), gradA);
      } else {
        activations.backward(op, grad.array(), input.array(), gradA);
      }
    }
  }

  @Override
  public void binary(BinaryOp op, Strided a, Strided b, Strided out) {
    if (op == BinaryOp.POW && a.dtype().isFloatingPoint() && a.dtype() != DType.FLOAT64) {
      binary(a, b, out, TileFunctions.Powers::new);
    } else if (!vectors.binary(op, a, b, out) && !CompareLoops.binary(op, a, b, out)) {
      super.binary(op, a, b, out);
    }
  }

  @Override
  public void binaryScalar(BinaryOp op, Strided a, Number scalar, Strided out) {
    if (vectors.binaryScalar(op, a, scalar.floatValue(), out)
        || CompareLoops.scalar(op, a, scalar, out)) {
      return;
    }
    DType type = a.dtype();
    IntFunction<UnaryBlock> functions = null;
    if (type.isFloatingPoint() && !op.isForIntegers()) {
      functions = TileFunctions.withScalar(op, Scalars.real(type, scalar), type);
    }
    if (functions != null) {
      unary(a, out, functions);
    } else {
      super.binaryScalar(op, a, scalar, out);
    }
  }

  @Override
  public void addScaled(Strided a, Strided b, Number alpha, Strided out) {
    if (!vectors.addScaled(a, b, alpha.floatValue(), out)) {
      super.addScaled(a, b, alpha, out);
    }
  }

  @Override
  protected BinaryBlock boxMuller(int most) {
    return new TileFunctions.BoxMuller(most);
  }

  @Override
  public void where(Strided condition, Strided a, Strided b, Strided out) {
    if (!SelectLoops.where(condition, a, b, out)) {
      super.where(condition, a, b, out);
    }
  }

  @Override
  public void reduce(ReduceOp op, Strided a, Strided out) {
    if (!vectors.accepts(a) || !vectors.accepts(out) || !reductions.reduce(op, a, out)) {
      super.reduce(op, a, out);
    }
  }

  @Override
  public void matmul(Strided a, Strided b, Strided bias, Activation activation, Strided out) {
    if (a.dtype().isHalf()) {
      HalvesInFloat32.matmul(this, a, b, bias, activation, out);
      return;
    }
    if (!floats(a) || !floats(b) || !floats(out)) {
      super.matmul(a, b, bias, activation, out);
      return;
    }
    if (!DnnMatMul.isRowMajor(out) && bias == null && DnnMatMul.isRowMajor(out.transposed())) {
      matmul(b.transposed(), a.transposed(), null, activation, out.transposed());
      return;
    }
    // oneDNN 3.11 treats batches of column-times-row products as packed and reads out of bounds.
    boolean outer = a.dim() == 3 && a.size(2) == 1 && a.size(0) > 1;
    try (Temp lhs = outer ? Temp.contiguous(this, a) : matrix(a);
        Temp rhs = outer ? Temp.contiguous(this, b) : matrix(b);
        Temp row = Temp.contiguous(this, bias);
        Temp result = DnnMatMul.isRowMajor(out) ? Temp.same(out) : Temp.contiguousOut(out)) {
      matmuls.run(lhs.array(), rhs.array(), row.array(), activation, result.array());
      result.finish(this);
    }
  }

  private static boolean areHalves(Strided... arrays) {
    return Arrays.stream(arrays).allMatch(a -> a.dtype().isHalf() && a.numel() > 0);
  }

  private Temp matrix(Strided a) {
    return DnnMatMul.isMatrix(a)
        ? Temp.same(a)
        : Temp.filled(this, a, Shapes.contiguousStrides(a.sizes()));
  }

  @Override
  public void conv2d(
      Strided x,
      Strided weight,
      Strided bias,
      Conv2dArgs args,
      Activation activation,
      Strided out) {
    if (!floats(x) || !floats(weight) || !floats(out)) {
      if (areHalves(x, weight, out)) {
        HalvesInFloat32.conv2d(this, x, weight, bias, args, activation, out);
        return;
      }
      super.conv2d(x, weight, bias, args, activation, out);
      return;
    }
    try (Temp input = Temp.channelsLast(this, x);
        Temp taps = Temp.contiguous(this, weight);
        Temp row = Temp.contiguous(this, bias);
        Temp result = Temp.channelsLastOut(out)) {
      convolutions.forward(
          input.array(), taps.array(), row.array(), args, activation, result.array());
      result.finish(this);
    }
  }

  @Override
  public void conv2dGradInput(Strided gradOut, Strided weight, Conv2dArgs args, Strided gradX) {
    if (!floats(gradOut) || !floats(weight) || !floats(gradX)) {
      if (areHalves(gradOut, weight, gradX)) {
        HalvesInFloat32.conv2dGradInput(this, gradOut, weight, args, gradX);
        return;
      }
      super.conv2dGradInput(gradOut, weight, args, gradX);
      return;
    }
    try (Temp grad = Temp.channelsLast(this, gradOut);
        Temp taps = Temp.contiguous(this, weight);
        Temp result = Temp.channelsLastOut(gradX)) {
      convolutions.gradInput(grad.array(), taps.array(), args, result.array());
      result.finish(this);
    }
  }

  @Override
  public void conv2dGradWeight(
      Strided gradOut, Strided x, Conv2dArgs args, Strided gradWeight, Strided gradBias) {
    if (!floats(gradOut) || !floats(x) || !floats(gradWeight)) {
      if (areHalves(gradOut, x, gradWeight)) {
        HalvesInFloat32.conv2dGradWeight(this, gradOut, x, args, gradWeight, gradBias);
        return;
      }
      super.conv2dGradWeight(gradOut, x, args, gradWeight, gradBias);
      return;
    }
    boolean skips = skipsPixels(x, args, gradWeight);
    Conv2dArgs geometry = skips ? new Conv2dArgs(1, 1, 0, 0, 1, 1, args.groups()) : args;
    try (Temp grad = Temp.channelsLast(this, gradOut);
        Temp input = Temp.channelsLast(this, skips ? windows(x, args, gradOut) : x);
        Temp taps = Temp.contiguousOut(gradWeight);
        Temp row = Temp.contiguousOut(gradBias)) {
      convolutions.gradWeight(grad.array(), input.array(), geometry, taps.array(), row.array());
      taps.finish(this);
      row.finish(this);
    }
  }

  /**
   * Returns whether windows are single pixels, some pixels are in none, and a group has fewer
   * channels than a block of oneDNN: its gradient of such weights writes behind the end of its
   * scratchpad. Source: https://github.com/uxlfoundation/oneDNN/issues/6035, in 3.11 and 3.12.
   */
  private static boolean skipsPixels(Strided x, Conv2dArgs args, Strided weight) {
    return weight.size(2) * weight.size(3) == 1
        && (args.strideH() > 1 || args.strideW() > 1)
        && args.padH() == 0
        && args.padW() == 0
        && x.size(1) / args.groups() < MOST_IN_BLOCK;
  }

  /** Returns the pixels of x that are windows, as images of the size of out. */
  private static Strided windows(Strided x, Conv2dArgs args, Strided out) {
    return x.with(
        new long[] {x.size(0), x.size(1), out.size(2), out.size(3)},
        new long[] {
          x.stride(0), x.stride(1), x.stride(2) * args.strideH(), x.stride(3) * args.strideW()
        },
        x.offset());
  }

  @Override
  public void maxPool2d(Strided x, Pool2dArgs args, Strided out, Strided positions) {
    if (!pools(x, out) || !out.isChannelsLast() || !positions.isChannelsLast()) {
      super.maxPool2d(x, args, out, positions);
      return;
    }
    try (Temp input = Temp.channelsLast(this, x)) {
      new MaxPoolLoops(sizes(x, out), args)
          .forward(input.array().address(), out.address(), positions.address());
    }
  }

  @Override
  public void maxPool2dGrad(Strided gradOut, Strided positions, Pool2dArgs args, Strided gradX) {
    if (!pools(gradOut, gradX) || !gradX.isChannelsLast() || !positions.isChannelsLast()) {
      super.maxPool2dGrad(gradOut, positions, args, gradX);
      return;
    }
    try (Temp grad = Temp.channelsLast(this, gradOut)) {
      new MaxPoolLoops(sizes(gradX, gradOut), args)
          .backward(grad.array().address(), positions.address(), gradX.address());
    }
  }

  private static boolean pools(Strided a, Strided b) {
    return floats(a) && floats(b);
  }

  private static Rows rows(Strided a) {
    return new Rows(a.storage().block(), a.byteOffset(), 0, false);
  }

  private static long[] sizes(Strided x, Strided out) {
    return new long[] {x.size(0), x.size(1), x.size(2), x.size(3), out.size(2), out.size(3)};
  }

  @Override
  public boolean normalizes(DType dtype) {
    return dtype == DType.FLOAT32;
  }

  @Override
  public void normalize(
      Strided x, Strided weight, Strided bias, double eps, Strided out, Strided mean, Strided var) {
    try (Temp input = packed(x);
        Temp result = packedOut(out)) {
      norms.forward(input.array(), weight, bias, (float) eps, result.array(), mean, var);
      result.finish(this);
    }
  }

  @Override
  public void normalizeGrad(
      Strided gradOut,
      Strided x,
      Strided weight,
      double eps,
      Strided mean,
      Strided var,
      Strided gradX,
      Strided gradWeight,
      Strided gradBias) {
    try (Temp grad = packed(gradOut);
        Temp input = packed(x);
        Temp result = packedOut(gradX)) {
      norms.backward(
          grad.array(),
          input.array(),
          weight,
          (float) eps,
          mean,
          var,
          result.array(),
          gradWeight,
          gradBias);
      result.finish(this);
    }
  }

  /** Returns images channels-last, and rows row-major. */
  private Temp packed(Strided a) {
    return a.dim() == 4 ? Temp.channelsLast(this, a) : Temp.contiguous(this, a);
  }

  private static Temp packedOut(Strided out) {
    return out.dim() == 4 ? Temp.channelsLastOut(out) : Temp.contiguousOut(out);
  }

  @Override
  public void softmax(Strided a, int dim, boolean log, Strided out) {
    if (!byRows(a, dim) || !byRows(out, dim)) {
      super.softmax(a, dim, log, out);
      return;
    }
    long n = a.size(dim);
    loops.softmax(rows(a, n), rows(out, n), log, a.numel() / n, n);
  }

  @Override
  public void softmaxGrad(Strided gradOut, Strided out, int dim, boolean log, Strided gradA) {
    if (!byRows(gradOut, dim) || !byRows(out, dim) || !byRows(gradA, dim)) {
      super.softmaxGrad(gradOut, out, dim, log, gradA);
      return;
    }
    long n = out.size(dim);
    loops.softmaxGrad(rows(gradOut, n), rows(out, n), rows(gradA, n), log, out.numel() / n, n);
  }

  @Override
  public boolean attends(DType dtype) {
    return (dtype == DType.FLOAT32 || dtype.isHalf()) && loops != null;
  }

  @Override
  public void attention(
      Strided q, Strided k, Strided v, Strided mask, AttentionArgs args, Strided out) {
    if (out.dtype().isHalf()) {
      HalvesInFloat32.attention(this, q, k, v, mask, args, out);
    } else {
      new TiledAttention(this, q, k, v, mask, args).forward(out);
    }
  }

  @Override
  public void attentionGrad(
      Strided gradOut,
      Strided q,
      Strided k,
      Strided v,
      Strided mask,
      AttentionArgs args,
      Strided gradQ,
      Strided gradK,
      Strided gradV) {
    if (gradOut.dtype().isHalf()) {
      HalvesInFloat32.attentionGrad(this, gradOut, q, k, v, mask, args, gradQ, gradK, gradV);
    } else {
      new TiledAttention(this, q, k, v, mask, args).backward(gradOut, gradQ, gradK, gradV);
    }
  }

  private boolean byRows(Strided a, int dim) {
    return vectors.accepts(a) && dim == a.dim() - 1 && a.isContiguous();
  }

  private static Rows rows(Strided a, long n) {
    return new Rows(a.storage().block(), a.byteOffset(), 4 * n, false);
  }

  @Override
  public void dropout(Strided a, double p, RandomKey key, Strided out) {
    if (floats(a) && floats(out) && a.isDense() && a.sameLayout(out)) {
      DropoutLoop.run(a.address(), out.address(), a.numel(), p, key);
    } else {
      super.dropout(a, p, key, out);
    }
  }

  @Override
  public void sgdStep(Strided param, Strided grad, Strided momentumBuffer, SgdArgs args) {
    if (steps(param, grad) && (momentumBuffer == null || steps(momentumBuffer, grad))) {
      Rows buffer = momentumBuffer == null ? null : rows(momentumBuffer);
      loops.sgd(rows(param), rows(grad), buffer, param.numel(), args);
    } else {
      super.sgdStep(param, grad, momentumBuffer, args);
    }
  }

  @Override
  public void adamStep(Strided param, Strided grad, Strided m, Strided v, AdamArgs args) {
    if (steps(param, grad) && steps(m, v)) {
      loops.adam(rows(param), rows(grad), rows(m), rows(v), param.numel(), args);
    } else {
      super.adamStep(param, grad, m, v, args);
    }
  }

  private boolean steps(Strided a, Strided b) {
    return vectors.accepts(a) && vectors.accepts(b) && a.isContiguous() && b.isContiguous();
  }
}
