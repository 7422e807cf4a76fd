package dev.bellows.oracle;

import dev.bellows.memory.DType;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * All that the tests and {@code docs/ops.md} know of an operation. To add one, add it to the list
 * of its topic, with a generator of calls; the arguments' values and layouts are made from it:
 *
 * <pre>{@code
 * OpInfo.of("cumsum", NUMERIC, (r, t) -> {
 *       long[] shape = Shapes.any(r);
 *       int dim = Shapes.anyDim(r, shape);
 *       return Sample.of("torch.cumsum(x0, {})", dim).ours(x -> x[0].cumsum(dim)).args(Arg.of(t, shape));
 *     }).grad(2).scaled(),
 * }</pre>
 *
 * <p>What the script gives (a tensor, a number, a boolean, tuples and lists of them) is compared
 * with what {@code ours} gives (a tensor, an array or list of them, a number, a boolean), and so
 * are the gradients of the arguments. {@code .inPlace(x -> x[0].cumsum_(dim), "x0.cumsum_({})",
 * dim)} after {@code ours} adds the form in place. {@link Arg} says what else than any numbers an
 * argument can hold: indices, permutations, positive definite matrices.
 *
 * <p>The generator must take all its random choices from {@code r}, and must make small calls where
 * {@code r.small()} ({@link Shapes} does): those are for the comparison with finite differences. A
 * type of which libtorch refuses every call must not be listed.
 *
 * @param name as the user calls it; with a space and more for one of several ways to call it, which
 *     {@code docs/ops.md} leaves out
 * @param types the element types that are compared with libtorch's results
 * @param accepts the element types it takes, others are refused: what {@code docs/ops.md} lists
 * @param sampler makes calls
 * @param times how often it can be differentiated
 * @param bitwise whether results are compared bit by bit, with the signs of zeros
 * @param byLargest whether errors are measured against the largest element of the result
 * @param special whether arguments may hold NaN, infinities and the like
 * @param factor factor on the allowed error
 * @param borders how many gradients are those of libtorch where domains end, at NaN, infinities and
 *     zeros; −1 if not even results are
 * @param vectors whether FLOAT32 has loops of vector instructions or oneDNN behind it
 */
record OpInfo(
    String name,
    Types types,
    Types accepts,
    Sampler sampler,
    int times,
    boolean bitwise,
    boolean byLargest,
    boolean special,
    double factor,
    int borders,
    boolean vectors) {
  static final Types ALL = types(t -> true);
  static final Types FLOATING = types(DType::isFloatingPoint);
  static final Types INTEGRAL = types(t -> !t.isFloatingPoint() && t != DType.BOOL);
  static final Types NUMERIC = types(t -> t != DType.BOOL);
  static final Types BOOL = types(t -> t == DType.BOOL);

  /** Makes one call with arguments of about the given type. */
  interface Sampler {
    Sample sample(Rng r, DType dtype);
  }

  /** Some element types, in the order of the enum. */
  record Types(List<DType> list) {
    DType any(Rng r) {
      return list.get(r.nextInt(list.size()));
    }

    Types and(Types other) {
      return types(t -> list.contains(t) || other.list.contains(t));
    }

    Types without(DType... others) {
      return types(t -> list.contains(t) && !Arrays.asList(others).contains(t));
    }

    Stream<DType> floating() {
      return list.stream().filter(DType::isFloatingPoint);
    }
  }

  static Types types(Predicate<DType> which) {
    return new Types(Arrays.stream(DType.values()).filter(which).toList());
  }

  static Types types(DType... which) {
    return types(t -> Arrays.asList(which).contains(t));
  }

  /** An operation without gradients whose results are the same up to rounding. */
  static OpInfo of(String name, Types types, Sampler sampler) {
    return new OpInfo(name, types, types, sampler, 0, false, false, true, 1, 2, false);
  }

  /** Of these element types. */
  OpInfo comparing(Types compared) {
    return new OpInfo(
        name, compared, compared, sampler, times, bitwise, byLargest, special, factor, borders,
        vectors);
  }

  /** Can be differentiated once or twice where its arguments are of floating point. */
  OpInfo grad(int howOften) {
    return new OpInfo(
        name, types, accepts, sampler, howOften, bitwise, byLargest, special, factor, borders,
        vectors);
  }

  /** Results are equal bit by bit. */
  OpInfo exact() {
    return new OpInfo(
        name, types, accepts, sampler, times, true, byLargest, special, factor, borders, vectors);
  }

  /** Errors are measured against the largest element: for sums and products of many numbers. */
  OpInfo scaled() {
    return new OpInfo(
        name, types, accepts, sampler, times, bitwise, true, special, factor, borders, vectors);
  }

  /** Arguments hold numbers only. */
  OpInfo noSpecialValues() {
    return new OpInfo(
        name, types, accepts, sampler, times, bitwise, byLargest, false, factor, borders, vectors);
  }

  /** Allows errors larger by a factor; say why where it is used. */
  OpInfo tolerance(double ratio) {
    return new OpInfo(
        name, types, accepts, sampler, times, bitwise, byLargest, special, ratio, borders, vectors);
  }

  /** Takes more element types than are compared. */
  OpInfo accepting(Types all) {
    return new OpInfo(
        name, types, all, sampler, times, bitwise, byLargest, special, factor, borders, vectors);
  }

  /** Is not compared in full where domains end; say why where it is used. */
  OpInfo borders(int gradients) {
    return new OpInfo(
        name, types, accepts, sampler, times, bitwise, byLargest, special, factor, gradients,
        vectors);
  }

  /** Has a fast path for FLOAT32 on the CPU. */
  OpInfo fast() {
    return new OpInfo(
        name, types, accepts, sampler, times, bitwise, byLargest, special, factor, borders, true);
  }

  @Override
  public String toString() {
    return name;
  }
}
