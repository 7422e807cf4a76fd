package dev.bellows.backend.cpu;

import dev.bellows.backend.AdamArgs;
import dev.bellows.backend.BinaryOp;
import dev.bellows.backend.ReduceOp;
import dev.bellows.backend.SgdArgs;
import dev.bellows.backend.UnaryOp;
import dev.bellows.memory.Block;

/**
 * Vector loops over FLOAT32 memory. The implementation is looked up by name at run time, since it
 * needs a JDK module that may be missing. All blocks must be {@linkplain #reaches reachable};
 * results depend on values and sizes only, not on the machine's vector width.
 */
public interface Loops {
  /** Returns the vector width and the kind of memory access, for the log. */
  String describe();

  /** Returns the vector width in bits. */
  int bits();

  /** Returns whether these loops can address a block. */
  boolean reaches(Block block);

  /** Returns whether {@link #unary} supports an operation. */
  boolean supports(UnaryOp op);

  /** Returns whether {@link #binary} and {@link #binaryScalar} support an operation. */
  boolean supports(BinaryOp op);

  /** Returns whether the reductions support an operation. */
  boolean supports(ReduceOp op);

  /** Computes out = op(a) in each of {@code rows} rows of {@code n} elements. */
  void unary(UnaryOp op, Rows a, Rows out, long rows, long n);

  /** Computes out = op(a, b); a or b may repeat, not both. */
  void binary(BinaryOp op, Rows a, Rows b, Rows out, long rows, long n);

  /** Computes out = op(a, scalar). */
  void binaryScalar(BinaryOp op, Rows a, float scalar, Rows out, long rows, long n);

  /** Computes out = a + alpha · b; neither input may repeat. */
  void addScaled(Rows a, Rows b, float alpha, Rows out, long rows, long n);

  /** Copies a to out. */
  void copy(Rows a, Rows out, long rows, long n);

  /** Fills out with {@code value}. */
  void fill(Rows out, float value, long rows, long n);

  /** Reduces each row of a to one element: the first of row r of out. */
  void reduceRows(ReduceOp op, Rows a, Rows out, long rows, long n);

  /** Reduces each column of a to one element; out is one row. */
  void reduceColumns(ReduceOp op, Rows a, Rows out, long rows, long n);

  /** Computes the softmax of each row, or its logarithm; the input may not repeat. */
  void softmax(Rows a, Rows out, boolean log, long rows, long n);

  /** Implements {@link dev.bellows.backend.Kernels#softmaxGrad} for each row. */
  void softmaxGrad(Rows gradOut, Rows out, Rows gradA, boolean log, long rows, long n);

  /** Implements {@link dev.bellows.backend.Kernels#sgdStep}; buffer may be null. */
  void sgd(Rows param, Rows grad, Rows buffer, long n, SgdArgs args);

  /** Implements {@link dev.bellows.backend.Kernels#adamStep}. */
  void adam(Rows param, Rows grad, Rows m, Rows v, long n, AdamArgs args);
}
