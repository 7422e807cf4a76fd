package dev.bellows.backend.reference;

import dev.bellows.backend.*;
import dev.bellows.memory.Strided;

/** Plain loops; see the package. */
public class ReferenceKernels implements Kernels {
  @Override
  public String name() {
    return "reference";
  }

  @Override
  public void fill(Strided out, Number value) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void copy(Strided src, Strided out) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void unary(UnaryOp op, Strided a, Strided out) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void binary(BinaryOp op, Strided a, Strided b, Strided out) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void binaryScalar(BinaryOp op, Strided a, double scalar, Strided out) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void addScaled(Strided a, Strided b, double alpha, Strided out) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void where(Strided condition, Strided a, Strided b, Strided out) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void reduce(ReduceOp op, Strided a, Strided out) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void argReduce(boolean max, Strided a, int dim, Strided out) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void matmul(Strided a, Strided b, Strided bias, Activation activation, Strided out) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void conv2d(
      Strided x,
      Strided weight,
      Strided bias,
      Conv2dArgs args,
      Activation activation,
      Strided out) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void conv2dGradInput(Strided gradOut, Strided weight, Conv2dArgs args, Strided gradX) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void conv2dGradWeight(
      Strided gradOut, Strided x, Conv2dArgs args, Strided gradWeight, Strided gradBias) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void maxPool2d(Strided x, Pool2dArgs args, Strided out, Strided positions) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void maxPool2dGrad(Strided gradOut, Strided positions, Pool2dArgs args, Strided gradX) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void maxPool2dGather(Strided a, Strided positions, Pool2dArgs args, Strided out) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void softmax(Strided a, int dim, boolean log, Strided out) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void softmaxGrad(Strided gradOut, Strided out, int dim, boolean log, Strided gradA) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void gather(Strided a, int dim, Strided index, Strided out) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void scatterAdd(Strided src, int dim, Strided index, Strided out) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void random(RandomKind kind, RandomKey key, double a, double b, Strided out) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void dropout(Strided a, double p, RandomKey key, Strided out) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void sgdStep(Strided param, Strided grad, Strided momentumBuffer, SgdArgs args) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void adamStep(Strided param, Strided grad, Strided m, Strided v, AdamArgs args) {
    throw new UnsupportedOperationException();
  }
}
