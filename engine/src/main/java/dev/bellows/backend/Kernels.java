package dev.bellows.backend;

import dev.bellows.memory.Allocator;
import dev.bellows.memory.Device;
import dev.bellows.memory.MemoryPool;
import dev.bellows.memory.Strided;

/**
 * The primitive kernels of a device; everything else is composed from them. Callers have checked
 * shapes, types and liveness: kernels only {@code assert}. Every array may have any strides and
 * offset unless a method says otherwise; a stride of 0 repeats an element of an input, outputs
 * never repeat. An output may be the same array (same memory, same strides) as an elementwise
 * input; any other overlap is not allowed. Arrays may have no elements. Results depend on values,
 * sizes and strides only, never on addresses, timing or how warm the JIT compiler is, so that runs
 * repeat bit for bit.
 *
 * <p>A device may do what it is asked for later, in the order in which it was asked: results are
 * there after {@link #download} or {@link #synchronize}, and what a kernel found wrong (an index
 * out of bounds, a divisor of 0) is thrown by one of these at the latest.
 */
public interface Kernels {
  /** Name for logs, as {@code cpu}. */
  String name();

  /**
   * What the bits of the results depend on besides the arguments, as libraries, instruction set and
   * number of threads: kernels whose fingerprints differ may compute other bits.
   */
  default String fingerprint() {
    return name();
  }

  /** Where its arrays are. */
  default Device device() {
    return Device.CPU;
  }

  /** The memory that its arrays are in. */
  default Allocator memory() {
    return MemoryPool.cpu();
  }

  /** Waits until everything that was asked for is done. */
  default void synchronize() {}

  /**
   * Copies from the host: out[i] = host[i]; same type and sizes, both contiguous. The host's memory
   * may be changed or released when this returns.
   */
  default void upload(Strided host, Strided out) {
    copy(host, out);
  }

  /** Copies to the host and waits for it: host[i] = a[i]; same type and sizes, both contiguous. */
  default void download(Strided a, Strided host) {
    copy(a, host);
  }

  /** Memory of the host from and to which copies are fastest, beside other work. */
  default Allocator hostMemory() {
    return MemoryPool.cpu();
  }

  /**
   * As {@link #download}, without waiting: the host's memory holds the values, and {@code a} may be
   * changed by the host, when the transfer is done. What is asked for next runs beside it where
   * {@code host} is of {@link #hostMemory}.
   */
  default Transfer startDownload(Strided a, Strided host) {
    download(a, host);
    return Transfer.DONE;
  }

  /**
   * As {@link #upload}, without waiting where {@code host} is of {@link #hostMemory}: its memory
   * must not be changed before the device has done what it was asked for so far.
   */
  default void startUpload(Strided host, Strided out) {
    upload(host, out);
  }

  /** Whether {@link #capture} works. */
  default boolean captures() {
    return false;
  }

  /**
   * Notes the kernels that {@code work} asks for, instead of running them, to be run again and
   * again without the host's part of it. They keep their addresses: arrays that were there before
   * must live for as long as the graph, those made by {@code work} belong to it. Work must not wait
   * for the device or copy from the host, and must have run once before.
   *
   * @throws UnsupportedOperationException if the device cannot, see {@link #captures}
   * @throws IllegalStateException if work waits or copies; what it asked for has then not run
   */
  default KernelGraph capture(Runnable work) {
    throw new UnsupportedOperationException("capture: device must be CUDA; got " + device());
  }

  /** out[i] = value. */
  void fill(Strided out, Number value);

  /**
   * out[i] = src[i], same sizes, converting the element type: to BOOL as {@code value != 0}, from
   * floating point to integer towards zero.
   */
  void copy(Strided src, Strided out);

  /** out[i] = op(a[i]); same type, but BOOL for LOGICAL_NOT. */
  void unary(UnaryOp op, Strided a, Strided out);

  /**
   * out[i] = op(a[i], b[i]); all of the same sizes (broadcast by strides of 0), a and b of one
   * type.
   */
  void binary(BinaryOp op, Strided a, Strided b, Strided out);

  /**
   * out[i] = op(a[i], scalar); the scalar is rounded to a's type first (to FLOAT32 for the
   * arithmetic of halves). POW by ±½ is the root, so −∞ gives NaN and zeros keep their signs.
   */
  void binaryScalar(BinaryOp op, Strided a, Number scalar, Strided out);

  /**
   * out[i] = a[i] + alpha·b[i], alpha rounded to a's type first, each product and sum rounded on
   * its own (no fused multiply-add).
   */
  void addScaled(Strided a, Strided b, Number alpha, Strided out);

  /** out[i] = condition[i] ? a[i] : b[i]; condition is BOOL. */
  void where(Strided condition, Strided a, Strided b, Strided out);

  /**
   * Reduces a to out, which has as many dimensions, each of a's size or 1; dimensions of size 1 in
   * out are reduced. The reduction of no elements is 0, 1, −∞, +∞, false, true.
   */
  void reduce(ReduceOp op, Strided a, Strided out);

  /**
   * Index (INT64) of the largest (or smallest) along {@code dim}, first of equals, the first NaN
   * before all others; a has at least one element there, out has size 1.
   */
  void argReduce(boolean max, Strided a, int dim, Strided out);

  /**
   * Running results along {@code dim}: out[i] = a[0] op … op a[i], or from the last element back if
   * {@code reverse}; sizes and types are equal.
   */
  void scan(ScanOp op, Strided a, int dim, boolean reverse, Strided out);

  /**
   * Places (INT64) of the running maximum (or minimum) along {@code dim}: the last of equals so
   * far, or the last NaN.
   */
  void argScan(boolean max, Strided a, int dim, Strided out);

  /**
   * Places (INT64, of a's sizes) along {@code dim} in the order that sorts a: equals keep their
   * order, NaN is larger than all.
   */
  void argSort(Strided a, int dim, boolean descending, Strided out);

  /**
   * out[.., i] (INT64): how many elements of the row sorted[..] come before values[.., i]; with
   * {@code right} equal ones count too. All have as many dimensions; the last is searched, the
   * others are equal one by one.
   */
  void searchSorted(Strided sorted, Strided values, boolean right, Strided out);

  /**
   * out = activation(a · b + bias): a [m, k] or [batch, m, k], b [k, n] or [batch, k, n] (all 2-d
   * or all 3-d), bias [n] or null. With k = 0 the product is 0.
   */
  void matmul(Strided a, Strided b, Strided bias, Activation activation, Strided out);

  /**
   * Cross-correlation as PyTorch's conv2d. x [n, c, h, w], weight [o, c / groups, kh, kw], bias [o]
   * or null, out [n, o, oh, ow]. Activations are best channels-last, weights contiguous; other
   * layouts work and are copied.
   */
  void conv2d(
      Strided x, Strided weight, Strided bias, Conv2dArgs args, Activation activation, Strided out);

  /**
   * Gradient of {@link #conv2d} for x: gradX [n, c, h, w] from gradOut [n, o, oh, ow] and weight.
   */
  void conv2dGradInput(Strided gradOut, Strided weight, Conv2dArgs args, Strided gradX);

  /** Gradient of {@link #conv2d} for weight, and for bias unless gradBias is null. */
  void conv2dGradWeight(
      Strided gradOut, Strided x, Conv2dArgs args, Strided gradWeight, Strided gradBias);

  /**
   * Largest of each window. x [n, c, h, w], out [n, c, oh, ow]; positions (UINT8, sizes and layout
   * of out) gets row · kernelW + column of the winner in its window, the first of equals; the first
   * NaN wins, and padding never does, even against −∞.
   */
  void maxPool2d(Strided x, Pool2dArgs args, Strided out, Strided positions);

  /**
   * Adds each gradOut[n, c, oh, ow] to the winner's place in gradX [n, c, h, w], zero elsewhere.
   */
  void maxPool2dGrad(Strided gradOut, Strided positions, Pool2dArgs args, Strided gradX);

  /**
   * out[n, c, oh, ow] = a's value [n, c, h, w] at the winner's place: the transpose of {@link
   * #maxPool2dGrad}.
   */
  void maxPool2dGather(Strided a, Strided positions, Pool2dArgs args, Strided out);

  /**
   * Softmax, or its logarithm, along {@code dim}, shifted by the maximum; NaN where the maximum is
   * infinite.
   */
  void softmax(Strided a, int dim, boolean log, Strided out);

  /**
   * Gradient of {@link #softmax} from its result: log ? gradOut − exp(out) · Σ gradOut : out ·
   * (gradOut − Σ gradOut · out).
   */
  void softmaxGrad(Strided gradOut, Strided out, int dim, boolean log, Strided gradA);

  /**
   * out[i][j] = a[index[i][j]][j] for dim 0 and so on; index INT64 of out's sizes.
   *
   * @throws IndexOutOfBoundsException naming the index and the size of a, before anything is
   *     written outside out
   */
  void gather(Strided a, int dim, Strided index, Strided out);

  /**
   * out[index[i][j]][j] = op(out[index[i][j]][j], src[i][j]) for dim 0 and so on, in row-major
   * order of src; index INT64 of src's sizes.
   *
   * @throws IndexOutOfBoundsException naming the index and the size of out
   */
  void scatter(ScatterOp op, Strided src, int dim, Strided index, Strided out);

  /**
   * Fills out with random numbers; see {@link RandomKind} for a and b, {@link RandomKey} for the
   * order.
   */
  void random(RandomKind kind, RandomKey key, double a, double b, Strided out);

  /**
   * Fills whole numbers (or whole values of a floating type): out[i] = low + (u(i) · range) / 2⁶⁴,
   * rounded down, with the unsigned u(i) = word(2i) · 2³² + word(2i + 1); range 0 stands for 2⁶⁴.
   */
  void randomIntegers(RandomKey key, long low, long range, Strided out);

  /**
   * out[i] = u(i) &lt; p ? 0 : a[i] / (1 − p), with u(i) = (word(i) >>> 8) · 2⁻²⁴ from key; a and
   * out have the same dense layout.
   */
  void dropout(Strided a, double p, RandomKey key, Strided out);

  /** One SGD step in place; momentumBuffer may be null if momentum is 0. All contiguous. */
  void sgdStep(Strided param, Strided grad, Strided momentumBuffer, SgdArgs args);

  /** One Adam step in place. All contiguous. */
  void adamStep(Strided param, Strided grad, Strided m, Strided v, AdamArgs args);
}
