package dev.bellows.backend.reference;

import dev.bellows.backend.Activation;
import dev.bellows.backend.AdamArgs;
import dev.bellows.backend.BinaryOp;
import dev.bellows.backend.Conv2dArgs;
import dev.bellows.backend.Kernels;
import dev.bellows.backend.Philox;
import dev.bellows.backend.Pool2dArgs;
import dev.bellows.backend.RandomKey;
import dev.bellows.backend.RandomKind;
import dev.bellows.backend.ReduceOp;
import dev.bellows.backend.ScanOp;
import dev.bellows.backend.ScatterOp;
import dev.bellows.backend.SgdArgs;
import dev.bellows.backend.UnaryOp;
import dev.bellows.memory.Strided;
import java.util.function.IntFunction;

/**
 * Plain loops for every element type and layout, one class per kernel family. Sums run in double
 * (or long) from first to last and are rounded once; functions come from {@link StrictMath}. Other
 * backends extend this class and override kernels that they do faster.
 */
public class ReferenceKernels implements Kernels {
  @Override
  public String name() {
    return "reference";
  }

  @Override
  public void fill(Strided out, Number value) {
    CopyLoops.fill(out, value);
  }

  @Override
  public void copy(Strided src, Strided out) {
    CopyLoops.copy(src, out);
  }

  /**
   * Computes out = f(a) for floating-point arrays.
   *
   * @param functions makes f for blocks of at most a number of elements
   */
  protected static void unary(Strided a, Strided out, IntFunction<UnaryBlock> functions) {
    Elementwise.unary(a, out, functions);
  }

  /** Computes out = f(a, b) for floating-point arrays; functions as for one array. */
  protected static void binary(
      Strided a, Strided b, Strided out, IntFunction<BinaryBlock> functions) {
    Elementwise.binary(a, b, out, functions);
  }

  @Override
  public void unary(UnaryOp op, Strided a, Strided out) {
    Elementwise.unary(op, a, out);
  }

  @Override
  public void binary(BinaryOp op, Strided a, Strided b, Strided out) {
    Elementwise.binary(op, a, b, out);
  }

  @Override
  public void binaryScalar(BinaryOp op, Strided a, Number scalar, Strided out) {
    Elementwise.binaryScalar(op, a, scalar, out);
  }

  @Override
  public void addScaled(Strided a, Strided b, Number alpha, Strided out) {
    Elementwise.addScaled(a, b, alpha, out);
  }

  @Override
  public void where(Strided condition, Strided a, Strided b, Strided out) {
    Elementwise.where(condition, a, b, out);
  }

  @Override
  public void reduce(ReduceOp op, Strided a, Strided out) {
    Reductions.reduce(op, a, out);
  }

  @Override
  public void argReduce(boolean max, Strided a, int dim, Strided out) {
    Reductions.argReduce(max, a, dim, out);
  }

  @Override
  public void scan(ScanOp op, Strided a, int dim, boolean reverse, Strided out) {
    ScanLoops.scan(op, a, dim, reverse, out);
  }

  @Override
  public void argScan(boolean max, Strided a, int dim, Strided out) {
    ScanLoops.argScan(max, a, dim, out);
  }

  @Override
  public void argSort(Strided a, int dim, boolean descending, Strided out) {
    SortLoops.argSort(a, dim, descending, out);
  }

  @Override
  public boolean argTop(Strided a, int dim, boolean descending, Strided out) {
    return SortLoops.argTop(a, dim, descending, out);
  }

  @Override
  public void searchSorted(Strided sorted, Strided values, boolean right, Strided out) {
    SortLoops.searchSorted(sorted, values, right, out);
  }

  @Override
  public void matmul(Strided a, Strided b, Strided bias, Activation activation, Strided out) {
    MatMulLoops.matmul(a, b, bias, activation, out);
  }

  @Override
  public void conv2d(
      Strided x,
      Strided weight,
      Strided bias,
      Conv2dArgs args,
      Activation activation,
      Strided out) {
    ConvLoops.forward(x, weight, bias, args, activation, out);
  }

  @Override
  public void conv2dGradInput(Strided gradOut, Strided weight, Conv2dArgs args, Strided gradX) {
    ConvLoops.gradInput(gradOut, weight, args, gradX);
  }

  @Override
  public void conv2dGradWeight(
      Strided gradOut, Strided x, Conv2dArgs args, Strided gradWeight, Strided gradBias) {
    ConvLoops.gradWeight(gradOut, x, args, gradWeight, gradBias);
  }

  @Override
  public void maxPool2d(Strided x, Pool2dArgs args, Strided out, Strided positions) {
    PoolLoops.forward(x, args, out, positions);
  }

  @Override
  public void maxPool2dGrad(Strided gradOut, Strided positions, Pool2dArgs args, Strided gradX) {
    PoolLoops.grad(gradOut, positions, args, gradX);
  }

  @Override
  public void maxPool2dGather(Strided a, Strided positions, Pool2dArgs args, Strided out) {
    PoolLoops.gather(a, positions, args, out);
  }

  @Override
  public void softmax(Strided a, int dim, boolean log, Strided out) {
    SoftmaxLoops.softmax(a, dim, log, out);
  }

  @Override
  public void softmaxGrad(Strided gradOut, Strided out, int dim, boolean log, Strided gradA) {
    SoftmaxLoops.grad(gradOut, out, dim, log, gradA);
  }

  @Override
  public void gather(Strided a, int dim, Strided index, Strided out) {
    IndexLoops.gather(a, dim, index, out);
  }

  @Override
  public void scatter(ScatterOp op, Strided src, int dim, Strided index, Strided out) {
    IndexLoops.scatter(op, src, dim, index, out);
  }

  @Override
  public void random(RandomKind kind, RandomKey key, double a, double b, Strided out) {
    RandomLoops.random(kind, key, a, b, out, this::boxMuller);
  }

  /** Makes the function of u1 and u2 in {@link RandomKind#NORMAL} for blocks of at most a size. */
  protected BinaryBlock boxMuller(int most) {
    return (x, y, n) -> {
      for (int i = 0; i < n; i++) {
        x[i] = Philox.normal(x[i], y[i]);
      }
    };
  }

  @Override
  public void randomIntegers(RandomKey key, long low, long range, Strided out) {
    RandomLoops.integers(key, low, range, out);
  }

  @Override
  public void dropout(Strided a, double p, RandomKey key, Strided out) {
    RandomLoops.dropout(a, p, key, out);
  }

  @Override
  public void sgdStep(Strided param, Strided grad, Strided momentumBuffer, SgdArgs args) {
    OptimizerLoops.sgd(param, grad, momentumBuffer, args);
  }

  @Override
  public void adamStep(Strided param, Strided grad, Strided m, Strided v, AdamArgs args) {
    OptimizerLoops.adam(param, grad, m, v, args);
  }
}
