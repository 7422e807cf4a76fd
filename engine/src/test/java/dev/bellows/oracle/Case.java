package dev.bellows.oracle;

import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;

/** One call with the layouts and elements of its arguments, run on both sides. */
final class Case {
  private static final Guards GUARDS = new Guards(6, 1 << 15);

  private final OpInfo info;
  private final DType dtype;
  private final String title;
  private final Sample sample;
  private final List<Layout> layouts = new ArrayList<>();
  private final List<Values> leaves = new ArrayList<>();
  private final boolean hasGrad;
  private final long gradSeed;
  private final Layout target;
  private final boolean watched;
  private boolean grad;
  private boolean gaveResult;
  private Device device = Device.CPU;

  private Case(OpInfo info, String title, Rng r, DType dtype, boolean borders) {
    this.info = info;
    this.dtype = dtype;
    this.title = title;
    this.sample = info.sampler().sample(r, dtype);
    Arg.Fill fill = borders ? Arg.Fill.BORDER : fill(r);
    boolean special = fill == Arg.Fill.SPECIAL || fill == Arg.Fill.SPECIAL_NOT_LARGE;
    boolean anyGrad = borders ? info.borders() > 0 : !special && !r.oneIn(5);
    this.hasGrad = info.times() > 0 && anyGrad;
    for (Arg arg : sample.args()) {
      boolean mayExpand = arg.domain() == Arg.Domain.UNIFORM;
      Layout layout = Layout.random(r, mayExpand, arg.shape());
      layouts.add(layout);
      leaves.add(layout.leaf(arg.values(r, fill)));
    }
    this.gradSeed = r.nextLong();
    long[] first = sample.args().isEmpty() ? new long[0] : sample.args().get(0).shape();
    this.target =
        first.length == 0 || r.nextBoolean()
            ? Layout.CONTIGUOUS
            : Layout.sliced(r, r.nextInt(first.length));
    this.watched = r.nextBoolean();
  }

  /** The case of an operation with this number: always the same for one seed. */
  static Case of(OpInfo info, long seed, int number) {
    Rng r = new Rng(Rng.mix(seed, info.name(), number), false);
    List<DType> floating = info.types().floating().toList();
    List<DType> types =
        number % 2 == 0 && info.times() > 0 && !floating.isEmpty() ? floating : info.types().list();
    DType dtype = types.get(number / 2 % types.size());
    return new Case(info, info + ", case " + number + ", seed " + seed, r, dtype, false);
  }

  /** A case whose arguments hold the numbers at which domains end and rules change. */
  static Case atBorders(OpInfo info, DType dtype, long seed, int number) {
    Rng r = new Rng(Rng.mix(seed, info + " at borders " + dtype, number), false);
    String title = info + " at borders, " + dtype + " " + number + ", seed " + seed;
    return new Case(info, title, r, dtype, true);
  }

  /** One more case with an element type. */
  static Case of(OpInfo info, DType dtype, long seed, int number) {
    Rng r = new Rng(Rng.mix(seed, info + " " + dtype, number), false);
    return new Case(info, info + ", " + dtype + " " + number + ", seed " + seed, r, dtype, false);
  }

  DType dtype() {
    return dtype;
  }

  /** Whether the last run gave a result, on both sides if it answered null. */
  boolean gaveResult() {
    return gaveResult;
  }

  private Arg.Fill fill(Rng r) {
    int which = r.nextInt(8);
    if (which < 2 && info.special()) {
      return info.byLargest() ? Arg.Fill.SPECIAL_NOT_LARGE : Arg.Fill.SPECIAL;
    }
    return which < 4 ? Arg.Fill.COARSE : Arg.Fill.PLAIN;
  }

  /** Runs the case; returns a description of the failure that suffices to reproduce it, or null. */
  String run() {
    grad = hasGrad;
    Outcome theirs = theirs(sample.script(), false);
    gaveResult = theirs.error() == null;
    if (theirs.isMissing()) {
      return null;
    }
    Outcome ours = ours(false);
    String difference = comparison(info.bitwise()).of(ours, theirs);
    return difference == null || wideAgrees(ours) ? null : report(sample.script(), difference);
  }

  /** Checks the gradients of gradients; returns a description of the failure, or null. */
  String runTwice() {
    grad = hasGrad;
    Outcome theirs = theirsTwice();
    if (theirs.error() != null) {
      return null;
    }
    String difference = comparison(false).ofTwice(oursTwice(), theirs);
    return difference == null
        ? null
        : report(sample.script(), "gradients of gradients: " + difference);
  }

  /** Whether libtorch disagrees with itself: it has wrong results for strided 16-bit arguments. */
  private boolean wideAgrees(Outcome ours) {
    if (ours.error() != null || types().noneMatch(t -> t.isFloatingPoint() && t.bytes() == 2)) {
      return false;
    }
    List<Values> narrow = List.copyOf(leaves);
    leaves.replaceAll(leaf -> leaf.as(DType.FLOAT64));
    List<DType> results = ours.outputs().stream().map(Values::dtype).toList();
    Outcome wide = theirs(sample.script(), false, results).asTypesOf(ours);
    for (int i = 0; i < narrow.size(); i++) {
      leaves.set(i, narrow.get(i));
    }
    return comparison(false).of(ours, wide) == null;
  }

  /** The same for the operation in place, on a copy of the first argument or a view of one. */
  String runInPlace() {
    String script = sample.inPlaceScript();
    if (script == null) {
      return null;
    }
    grad = hasGrad;
    Outcome ours = ours(true);
    if (ours.error() != null
        && String.valueOf(ours.error().getMessage()).contains("written through a view")) {
      grad = false;
      ours = ours(true);
    }
    Outcome theirs = theirs(script, true);
    boolean oneType = types().distinct().count() == 1; // else there are two places to round
    return theirs.isMissing()
        ? null
        : report(
            script + " on a copy of x0 that is " + target,
            comparison(info.bitwise() && oneType).of(ours, theirs));
  }

  /** Compares a device with the CPU bit by bit; returns the difference, or null. */
  String runOn(Device other, boolean inPlace) {
    return run(other, inPlace, (there, here) -> here.differenceTo(there));
  }

  /** Compares a device with the CPU up to rounding; returns the difference, or null. */
  String runNear(Device other, boolean inPlace) {
    return run(other, inPlace, new Comparison(info, false, types().toList(), "the CPU")::of);
  }

  private String run(Device other, boolean inPlace, BiFunction<Outcome, Outcome, String> compare) {
    if (inPlace && sample.inPlaceScript() == null) {
      return null;
    }
    grad = hasGrad;
    Outcome here = ours(inPlace);
    Outcome hereTwice = inPlace ? null : oursTwice();
    device = other;
    Outcome there = ours(inPlace);
    Outcome thereTwice = inPlace ? null : oursTwice();
    device = Device.CPU;
    String difference = compare.apply(there, here);
    if (difference == null && !inPlace) {
      difference = compare.apply(thereTwice, hereTwice);
      difference = difference == null ? null : "gradients of gradients: " + difference;
    }
    String script = inPlace ? sample.inPlaceScript() : sample.script();
    return report(script, difference == null ? null : other + ": " + difference);
  }

  private Stream<DType> types() {
    return leaves.stream().map(Values::dtype);
  }

  private Comparison comparison(boolean bitwise) {
    return new Comparison(info, bitwise, types().toList(), "libtorch");
  }

  private boolean isLeaf(int i) {
    return grad && sample.args().get(i).isDifferentiable();
  }

  private Outcome ours(boolean inPlace) {
    GUARDS.reset();
    try (TensorScope scope = TensorScope.open()) {
      Outcome outcome = inPlace ? oursInPlace() : oursOutOfPlace();
      String damage = GUARDS.damage();
      return damage == null ? outcome : Outcome.failed(new AssertionError(damage));
    } catch (RuntimeException | AssertionError | InternalError e) {
      return Outcome.failed(e);
    }
  }

  private Outcome oursOutOfPlace() {
    List<Tensor> all = new ArrayList<>();
    List<Tensor> needing = new ArrayList<>();
    Tensor[] in = arguments(all, needing);
    Object result = sample.ours().apply(in);
    List<Tensor> out = Outcome.tensors(result);
    boolean number = result instanceof Number || result instanceof Boolean;
    for (Tensor t : out) {
      if (!number && in.length > 0 && !t.device().equals(device)) {
        return Outcome.failed(new AssertionError("result is on " + t.device()));
      }
    }
    Outcome outcome = Outcome.of(out, needing, gradSeed);
    for (int i = 0; i < in.length; i++) {
      if (!Values.of(all.get(i)).isEqualTo(leaves.get(i))) {
        return Outcome.failed(new AssertionError("x" + i + " was changed"));
      }
    }
    return outcome;
  }

  /** Gradients and their gradients, recorded; nothing where there are none. */
  private Outcome oursTwice() {
    if (!hasGrad || info.times() < 2) {
      return Outcome.failed(null);
    }
    try (TensorScope scope = TensorScope.open()) {
      List<Tensor> needing = new ArrayList<>();
      Tensor[] in = arguments(new ArrayList<>(), needing);
      return Outcome.twice(Outcome.tensors(sample.ours().apply(in)), needing, gradSeed);
    } catch (RuntimeException | AssertionError | InternalError e) {
      return Outcome.failed(e);
    }
  }

  private Outcome oursInPlace() {
    List<Tensor> needing = new ArrayList<>();
    Tensor[] in = arguments(new ArrayList<>(), needing);
    long[] shape = in[0].shape();
    Tensor base = tensor(Values.sevens(in[0].dtype(), target.leafShape(shape)));
    target.view(base, shape).copy_(in[0]);
    in[0] = target.view(base, shape);
    Tensor out = sample.inPlace().apply(in);
    if (out != in[0]) {
      throw new IllegalStateException("in place: must answer its first argument; got another");
    }
    return Outcome.of(List.of(out, base), needing, gradSeed);
  }

  private Tensor[] arguments(List<Tensor> all, List<Tensor> needing) {
    Tensor[] in = new Tensor[leaves.size()];
    for (int i = 0; i < in.length; i++) {
      Tensor leaf = tensor(leaves.get(i));
      all.add(leaf);
      if (isLeaf(i)) {
        needing.add(leaf.setRequiresGrad(true));
      }
      in[i] = layouts.get(i).view(leaf, sample.args().get(i).shape());
    }
    return in;
  }

  private Tensor tensor(Values values) {
    return (watched ? GUARDS.tensor(values, true) : values.ours()).to(device);
  }

  private Outcome theirsTwice() {
    try (PointerScope scope = new PointerScope()) {
      List<org.bytedeco.pytorch.Tensor> needing = new ArrayList<>();
      List<org.bytedeco.pytorch.Tensor> in = theirArguments(needing);
      return Outcome.twiceOfTheirs(Script.run(sample.script(), in), needing, gradSeed);
    } catch (RuntimeException e) {
      return Outcome.failed(e);
    }
  }

  private List<org.bytedeco.pytorch.Tensor> theirArguments(
      List<org.bytedeco.pytorch.Tensor> needing) {
    List<org.bytedeco.pytorch.Tensor> in = new ArrayList<>();
    for (int i = 0; i < leaves.size(); i++) {
      var leaf = leaves.get(i).theirs();
      if (isLeaf(i)) {
        needing.add(leaf.requires_grad_(true));
      }
      in.add(layouts.get(i).view(leaf, sample.args().get(i).shape()));
    }
    return in;
  }

  private Outcome theirs(String script, boolean inPlace) {
    return theirs(script, inPlace, null);
  }

  private Outcome theirs(String script, boolean inPlace, List<DType> results) {
    try (PointerScope scope = new PointerScope()) {
      List<org.bytedeco.pytorch.Tensor> needing = new ArrayList<>();
      List<org.bytedeco.pytorch.Tensor> in = theirArguments(needing);
      if (!inPlace) {
        List<org.bytedeco.pytorch.Tensor> out = Script.run(script, in);
        return results == null
            ? Outcome.ofTheirs(out, needing, gradSeed)
            : Outcome.ofTheirs(out, needing, gradSeed, results);
      }
      Arg first = sample.args().get(0);
      var base = Values.sevens(first.dtype(), target.leafShape(first.shape())).theirs();
      target.view(base, first.shape()).copy_(in.get(0));
      in.set(0, target.view(base, first.shape()));
      List<org.bytedeco.pytorch.Tensor> out = new ArrayList<>(Script.run(script, in));
      out.add(base);
      return Outcome.ofTheirs(out, needing, gradSeed);
    } catch (RuntimeException e) {
      return Outcome.failed(e);
    }
  }

  private String report(String script, String difference) {
    if (difference == null) {
      return null;
    }
    StringBuilder text = new StringBuilder(title).append(":\n  ").append(script);
    for (int i = 0; i < leaves.size(); i++) {
      text.append("\n  x").append(i).append(": ").append(sample.args().get(i));
      text.append(' ').append(layouts.get(i)).append(isLeaf(i) ? " with grad" : "");
      text.append(" of ").append(leaves.get(i));
    }
    return text.append("\n  ").append(difference).toString();
  }
}
