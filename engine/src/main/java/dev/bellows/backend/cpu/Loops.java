package dev.bellows.backend.cpu;

import dev.bellows.backend.AdamArgs;
import dev.bellows.backend.BinaryOp;
import dev.bellows.backend.Pool2dArgs;
import dev.bellows.backend.RandomKey;
import dev.bellows.backend.ReduceOp;
import dev.bellows.backend.SgdArgs;
import dev.bellows.backend.UnaryOp;
import dev.bellows.memory.Block;

/**
 * Vector loops over FLOAT32 memory. The implementation is found by name at run time, since it needs
 * a JDK module that may be missing. All blocks must be {@linkplain #reaches reachable}; results
 * depend on values and sizes only, not on the machine's vector width.
 */
public interface Loops {
  /** Vector width and the way to memory, for the log. */
  String describe();

  /** Vector width in bits. */
  int bits();

  /** Whether these loops can address a block. */
  boolean reaches(Block block);

  /** Whether {@link #unary} knows an operation. */
  boolean supports(UnaryOp op);

  /** Whether {@link #binary} and {@link #binaryScalar} know an operation. */
  boolean supports(BinaryOp op);

  /** Whether the reductions know an operation. */
  boolean supports(ReduceOp op);

  /** out = op(a) in each of {@code rows} rows of {@code n} elements. */
  void unary(UnaryOp op, Rows a, Rows out, long rows, long n);

  /** out = op(a, b); a or b may repeat, not both. */
  void binary(BinaryOp op, Rows a, Rows b, Rows out, long rows, long n);

  /** out = op(a, scalar). */
  void binaryScalar(BinaryOp op, Rows a, float scalar, Rows out, long rows, long n);

  /** out = a + alpha · b; nothing repeats. */
  void addScaled(Rows a, Rows b, float alpha, Rows out, long rows, long n);

  /** out = a. */
  void copy(Rows a, Rows out, long rows, long n);

  /** out = value. */
  void fill(Rows out, float value, long rows, long n);

  /** Each row of a to one element: row r of out. */
  void reduceRows(ReduceOp op, Rows a, Rows out, long rows, long n);

  /** Each column of a to one element: out is one row. */
  void reduceColumns(ReduceOp op, Rows a, Rows out, long rows, long n);

  /** Softmax of each row, or its logarithm; nothing repeats. */
  void softmax(Rows a, Rows out, boolean log, long rows, long n);

  /** See {@link dev.bellows.backend.Kernels#softmaxGrad}, for each row. */
  void softmaxGrad(Rows gradOut, Rows out, Rows gradA, boolean log, long rows, long n);

  /** See {@link dev.bellows.backend.Kernels#sgdStep}; buffer may be null. */
  void sgd(Rows param, Rows grad, Rows buffer, long n, SgdArgs args);

  /** See {@link dev.bellows.backend.Kernels#adamStep}. */
  void adam(Rows param, Rows grad, Rows m, Rows v, long n, AdamArgs args);

  /** See {@link dev.bellows.backend.Kernels#dropout}. */
  void dropout(Rows a, Rows out, long n, double p, RandomKey key);

  /** Whether {@link #maxPool} and {@link #maxPoolGrad} work here. */
  boolean pools();

  /**
   * See {@link dev.bellows.backend.Kernels#maxPool2d}; all channels-last.
   *
   * @param sizes n, c, h, w, oh, ow
   */
  void maxPool(Rows x, Rows out, Rows positions, long[] sizes, Pool2dArgs args);

  /** See {@link dev.bellows.backend.Kernels#maxPool2dGrad}; as {@link #maxPool}. */
  void maxPoolGrad(Rows gradOut, Rows positions, Rows gradX, long[] sizes, Pool2dArgs args);
}
