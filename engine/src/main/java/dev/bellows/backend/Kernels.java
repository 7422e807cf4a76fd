package dev.bellows.backend;

import dev.bellows.memory.Allocator;
import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.memory.MemoryPool;
import dev.bellows.memory.Strided;

/**
 * The primitive kernels of a device; everything else is composed from them. Callers check shapes,
 * types and liveness; kernels only {@code assert}. Every array may have any strides and offset
 * unless a method says otherwise; a stride of 0 repeats an element of an input, outputs never
 * repeat. An output may be the same array (same memory, same strides) as an elementwise input; any
 * other overlap is not allowed. Arrays may have no elements. Results depend on values, sizes and
 * strides only, never on addresses, timing or the state of JIT compilation, so that runs are
 * reproducible bit for bit.
 *
 * <p>Kernels may run asynchronously, in submission order: results are available after {@link
 * #download} or {@link #synchronize}, and errors that a kernel detects (an index out of bounds, a
 * divisor of 0) are thrown by one of these calls at the latest.
 */
public interface Kernels {
  /** Returns the name for logs, for example {@code cpu}. */
  String name();

  /**
   * Returns everything other than the arguments that affects the bits of results, such as
   * libraries, instruction set and number of threads: kernels with different fingerprints may
   * compute different bits.
   */
  default String fingerprint() {
    return name();
  }

  /** Returns the device that holds the arrays. */
  default Device device() {
    return Device.CPU;
  }

  /** Returns the allocator of the device's memory. */
  default Allocator memory() {
    return MemoryPool.cpu();
  }

  /** Waits until all submitted work is complete. */
  default void synchronize() {}

  /**
   * Copies from the host: out[i] = host[i]; same type and sizes, both contiguous. The host memory
   * may be modified or released when this returns.
   */
  default void upload(Strided host, Strided out) {
    copy(host, out);
  }

  /** Copies to the host and waits for it: host[i] = a[i]; same type and sizes, both contiguous. */
  default void download(Strided a, Strided host) {
    copy(a, host);
  }

  /**
   * Returns the allocator of host memory for transfers that are fastest and overlap with other work
   * (pinned memory).
   */
  default Allocator hostMemory() {
    return MemoryPool.cpu();
  }

  /**
   * Starts {@link #download} without waiting: once the transfer is done, the host memory holds the
   * values and {@code a} may be modified by the host. Work submitted afterwards overlaps with the
   * transfer if {@code host} is from {@link #hostMemory}.
   */
  default Transfer startDownload(Strided a, Strided host) {
    download(a, host);
    return Transfer.DONE;
  }

  /**
   * Starts {@link #upload}, without waiting if {@code host} is from {@link #hostMemory}: its memory
   * must not be modified until the device has completed all work submitted so far.
   */
  default void startUpload(Strided host, Strided out) {
    upload(host, out);
  }

  /** Returns whether {@link #capture} is supported. */
  default boolean captures() {
    return false;
  }

  /**
   * Records the kernels that {@code work} launches instead of running them, for repeated launches
   * without their host-side cost. Addresses are fixed: arrays that existed before must outlive the
   * graph, those allocated by {@code work} belong to it. Work must not wait for the device or copy
   * from the host, and must have run once before.
   *
   * @throws UnsupportedOperationException if the device does not support it, see {@link #captures}
   * @throws IllegalStateException if work waits or copies; none of its kernels have run in that
   *     case
   */
  default KernelGraph capture(Runnable work) {
    throw new UnsupportedOperationException("capture: device must be CUDA; got " + device());
  }

  /** Computes out[i] = value. */
  void fill(Strided out, Number value);

  /**
   * Computes out[i] = src[i] for equal sizes, converting the element type: to BOOL as {@code value
   * != 0}, from floating point to integer towards zero.
   */
  void copy(Strided src, Strided out);

  /** Computes out[i] = op(a[i]); same type, except BOOL for LOGICAL_NOT. */
  void unary(UnaryOp op, Strided a, Strided out);

  /** Returns whether {@link #unaryGrad} supports an operation on a type. */
  default boolean hasUnaryGrad(UnaryOp op, DType dtype) {
    return false;
  }

  /** Computes gradA = gradOut · op′(a); gradA is dense and not empty. */
  default void unaryGrad(UnaryOp op, Strided gradOut, Strided a, Strided gradA) {
    throw new UnsupportedOperationException("unaryGrad: not supported by " + name());
  }

  /**
   * Computes out[i] = op(a[i], b[i]); all of the same sizes (broadcast by strides of 0), a and b of
   * the same type.
   */
  void binary(BinaryOp op, Strided a, Strided b, Strided out);

  /**
   * Computes out[i] = op(a[i], scalar); the scalar is rounded to a's type first (to FLOAT32 in
   * 16-bit floating-point arithmetic). POW by ±½ is the square root, so −∞ gives NaN and zeros keep
   * their signs.
   */
  void binaryScalar(BinaryOp op, Strided a, Number scalar, Strided out);

  /**
   * Computes out[i] = a[i] + alpha·b[i]; alpha is rounded to a's type first, and product and sum
   * are rounded separately (no fused multiply-add).
   */
  void addScaled(Strided a, Strided b, Number alpha, Strided out);

  /** Computes out[i] = condition[i] ? a[i] : b[i]; condition is BOOL. */
  void where(Strided condition, Strided a, Strided b, Strided out);

  /**
   * Reduces a to out, which has the same number of dimensions, each of a's size or 1; dimensions of
   * size 1 in out are reduced. The reduction of no elements is 0, 1, −∞, +∞, false, true.
   */
  void reduce(ReduceOp op, Strided a, Strided out);

  /**
   * Returns in out the index (INT64) of the maximum (or minimum) along {@code dim}: the first among
   * equals, or the first NaN if there is any. Dimension {@code dim} has at least one element in a
   * and size 1 in out.
   */
  void argReduce(boolean max, Strided a, int dim, Strided out);

  /**
   * Computes cumulative results along {@code dim}: out[i] = a[0] op … op a[i], or starting from the
   * last element if {@code reverse}; sizes and types are equal.
   */
  void scan(ScanOp op, Strided a, int dim, boolean reverse, Strided out);

  /**
   * Computes the indices (INT64) of the cumulative maximum (or minimum) along {@code dim}: the last
   * among equals so far, or the last NaN.
   */
  void argScan(boolean max, Strided a, int dim, Strided out);

  /**
   * Computes the indices (INT64, of a's sizes) along {@code dim} that sort a: the sort is stable,
   * and NaN is larger than all numbers.
   */
  void argSort(Strided a, int dim, boolean descending, Strided out);

  /**
   * Computes the first indices of {@link #argSort}, as many as out has along {@code dim}, without
   * sorting all; returns false, having done nothing, where that is not supported or does not pay.
   */
  default boolean argTop(Strided a, int dim, boolean descending, Strided out) {
    return false;
  }

  /**
   * Computes out[.., i] (INT64): the number of elements of the row sorted[..] that precede
   * values[.., i]; with {@code right}, equal ones count too. All have the same number of
   * dimensions; the last is searched, the other sizes are equal.
   */
  void searchSorted(Strided sorted, Strided values, boolean right, Strided out);

  /**
   * Computes out = activation(a · b + bias): a [m, k] or [batch, m, k], b [k, n] or [batch, k, n]
   * (all 2-d or all 3-d), bias [n] or null. With k = 0 the product is 0.
   */
  void matmul(Strided a, Strided b, Strided bias, Activation activation, Strided out);

  /**
   * Computes the cross-correlation, as PyTorch's conv2d. x [n, c, h, w], weight [o, c / groups, kh,
   * kw], bias [o] or null, out [n, o, oh, ow]. Channels-last activations and contiguous weights are
   * fastest; other layouts are copied.
   */
  void conv2d(
      Strided x, Strided weight, Strided bias, Conv2dArgs args, Activation activation, Strided out);

  /**
   * Computes the gradient of {@link #conv2d} for x: gradX [n, c, h, w] from gradOut [n, o, oh, ow]
   * and weight.
   */
  void conv2dGradInput(Strided gradOut, Strided weight, Conv2dArgs args, Strided gradX);

  /** Computes the gradient of {@link #conv2d} for weight, and for bias unless gradBias is null. */
  void conv2dGradWeight(
      Strided gradOut, Strided x, Conv2dArgs args, Strided gradWeight, Strided gradBias);

  /**
   * Computes the maximum of each window. x [n, c, h, w], out [n, c, oh, ow]; positions (UINT8,
   * sizes and layout of out) receives row · kernelW + column of the winner in its window, the first
   * among equals; the first NaN wins, and padding never does, even against −∞.
   */
  void maxPool2d(Strided x, Pool2dArgs args, Strided out, Strided positions);

  /**
   * Adds each gradOut[n, c, oh, ow] to the winner's position in gradX [n, c, h, w], which is zero
   * elsewhere.
   */
  void maxPool2dGrad(Strided gradOut, Strided positions, Pool2dArgs args, Strided gradX);

  /**
   * Computes out[n, c, oh, ow] = a's value [n, c, h, w] at the winner's position: the transpose of
   * {@link #maxPool2dGrad}.
   */
  void maxPool2dGather(Strided a, Strided positions, Pool2dArgs args, Strided out);

  /**
   * Returns whether {@link #normalize} and {@link #normalizeGrad} support a type; callers compose
   * them from other operations where they do not.
   */
  default boolean normalizes(DType dtype) {
    return false;
  }

  /**
   * Computes out = (x − mean) / √(var + eps) · weight + bias and the statistics. x is [n, c, h, w]
   * with statistics by channel, or [rows, n] with statistics by row; neither is empty.
   *
   * @param weight [c] or [n], contiguous, or null for 1
   * @param bias [c] or [n], contiguous, or null for 0
   * @param mean [c] or [rows], contiguous
   * @param var [c] or [rows], contiguous: the mean of squared distances from the mean
   */
  default void normalize(
      Strided x, Strided weight, Strided bias, double eps, Strided out, Strided mean, Strided var) {
    throw new UnsupportedOperationException("normalize: not supported by " + name());
  }

  /**
   * Computes the gradients of {@link #normalize} from its statistics.
   *
   * @param gradWeight null if weight is null
   * @param gradBias null if bias was null
   */
  default void normalizeGrad(
      Strided gradOut,
      Strided x,
      Strided weight,
      double eps,
      Strided mean,
      Strided var,
      Strided gradX,
      Strided gradWeight,
      Strided gradBias) {
    throw new UnsupportedOperationException("normalizeGrad: not supported by " + name());
  }

  /**
   * Computes softmax, or its logarithm, along {@code dim}, shifted by the maximum; NaN if the
   * maximum is infinite.
   */
  void softmax(Strided a, int dim, boolean log, Strided out);

  /**
   * Computes the gradient of {@link #softmax} from its result: log ? gradOut − exp(out) · Σ gradOut
   * : out · (gradOut − Σ gradOut · out).
   */
  void softmaxGrad(Strided gradOut, Strided out, int dim, boolean log, Strided gradA);

  /**
   * Returns whether {@link #attention} and {@link #attentionGrad} support a type; callers compose
   * them from other operations where they do not.
   */
  default boolean attends(DType dtype) {
    return false;
  }

  /**
   * Computes out = softmax(q · kᵀ · scale + mask) · v for each of n · h heads; no size is 0. A
   * query that may attend to no key gives 0.
   *
   * @param q [n, h, l, e]
   * @param k [n, h, s, e]
   * @param v [n, h, s, ev]
   * @param mask [n, h, l, s]: BOOL, true where attention is allowed, or of q's type, which is
   *     added; null for none
   * @param out [n, h, l, ev]
   */
  default void attention(
      Strided q, Strided k, Strided v, Strided mask, AttentionArgs args, Strided out) {
    throw new UnsupportedOperationException("attention: not supported by " + name());
  }

  /** Computes the gradients of {@link #attention} for q, k and v, each of its shape. */
  default void attentionGrad(
      Strided gradOut,
      Strided q,
      Strided k,
      Strided v,
      Strided mask,
      AttentionArgs args,
      Strided gradQ,
      Strided gradK,
      Strided gradV) {
    throw new UnsupportedOperationException("attentionGrad: not supported by " + name());
  }

  /**
   * Computes out[i][j] = a[index[i][j]][j] for dim 0, and likewise for other dims; index is INT64
   * of out's sizes.
   *
   * @throws IndexOutOfBoundsException naming the index and the size of a, before anything is
   *     written outside out
   */
  void gather(Strided a, int dim, Strided index, Strided out);

  /**
   * Computes out[index[i][j]][j] = op(out[index[i][j]][j], src[i][j]) for dim 0, and likewise for
   * other dims, in row-major order of src; index is INT64 of src's sizes.
   *
   * @throws IndexOutOfBoundsException naming the index and the size of out
   */
  void scatter(ScatterOp op, Strided src, int dim, Strided index, Strided out);

  /**
   * Fills out with random numbers; {@link RandomKind} defines a and b, {@link RandomKey} the order.
   */
  void random(RandomKind kind, RandomKey key, double a, double b, Strided out);

  /**
   * Fills out with random integers (or integral values of a floating type): out[i] = low + (u(i) ·
   * range) / 2⁶⁴, rounded down, with the unsigned u(i) = word(2i) · 2³² + word(2i + 1); range 0
   * stands for 2⁶⁴.
   */
  void randomIntegers(RandomKey key, long low, long range, Strided out);

  /**
   * Computes out[i] = u(i) &lt; p ? 0 : a[i] / (1 − p), with u(i) = (word(i) >>> 8) · 2⁻²⁴ from
   * key; a and out have the same dense layout.
   */
  void dropout(Strided a, double p, RandomKey key, Strided out);

  /**
   * Performs an SGD step in place; momentumBuffer may be null if momentum is 0. All arrays are
   * contiguous.
   */
  void sgdStep(Strided param, Strided grad, Strided momentumBuffer, SgdArgs args);

  /** Performs an Adam step in place. All arrays are contiguous. */
  void adamStep(Strided param, Strided grad, Strided m, Strided v, AdamArgs args);
}
