package dev.bellows.oracle;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;

/** One call with the layouts and elements of its arguments. */
final class Case {
  private final OpInfo info;
  private final String title;
  private final Sample sample;
  private final boolean grad;
  private final List<Layout> layouts = new ArrayList<>();
  private final List<Values> leaves = new ArrayList<>();
  private final long gradSeed;

  private Case(OpInfo info, String title, Rng r, DType dtype) {
    this.info = info;
    this.title = title;
    this.sample = info.sampler().sample(r, dtype);
    Arg.Fill fill = fill(r);
    this.grad =
        info.times() > 0 && (fill == Arg.Fill.PLAIN || fill == Arg.Fill.COARSE) && !r.oneIn(5);
    for (Arg arg : sample.args()) {
      boolean mayExpand = arg.domain() == Arg.Domain.UNIFORM;
      Layout layout = Layout.random(r, mayExpand, arg.shape());
      layouts.add(layout);
      leaves.add(leaf(r, fill, arg, layout));
    }
    this.gradSeed = r.nextLong();
  }

  /** The case of an operation with this number: always the same for one seed. */
  static Case of(OpInfo info, long seed, int number) {
    long mixed = (seed * 1_000_003 + info.name().hashCode()) * 1_000_003 + number;
    Rng r = new Rng(mixed, false);
    List<DType> floating = info.types().floating().toList();
    List<DType> types =
        number % 2 == 0 && info.times() > 0 && !floating.isEmpty() ? floating : info.types().list();
    DType dtype = types.get(number / 2 % types.size());
    return new Case(info, info + ", case " + number + ", seed " + seed, r, dtype);
  }

  private Arg.Fill fill(Rng r) {
    int which = r.nextInt(8);
    if (which < 2 && info.special()) {
      return info.byLargest() ? Arg.Fill.SPECIAL_NOT_LARGE : Arg.Fill.SPECIAL;
    }
    return which < 4 ? Arg.Fill.COARSE : Arg.Fill.PLAIN;
  }

  /** The elements of the leaf, among them those of the argument where its layout has them. */
  private static Values leaf(Rng r, Arg.Fill fill, Arg arg, Layout layout) {
    Values values = arg.values(r, fill);
    if (layout.kind() == Layout.Kind.CONTIGUOUS) {
      return values;
    }
    long[] shape = layout.leafShape(arg.shape());
    int n = Shapes.numel(shape);
    int[] at = layout.positions(arg.shape());
    if (values.isFloating()) {
      double[] doubles = new double[n];
      for (int i = 0; i < at.length; i++) {
        doubles[at[i]] = values.doubles()[i];
      }
      return Values.of(arg.dtype(), shape, doubles);
    }
    long[] longs = new long[n];
    for (int i = 0; i < at.length; i++) {
      longs[at[i]] = values.longs()[i];
    }
    return Values.of(arg.dtype(), shape, longs);
  }

  /** What is wrong, with all that is needed to look at it alone; null if nothing. */
  String run() {
    Outcome ours = ours();
    Outcome theirs = theirs();
    List<DType> types = leaves.stream().map(Values::dtype).toList();
    String difference = new Comparison(info, types, "libtorch").of(ours, theirs);
    return difference == null ? null : this + "\n  " + difference;
  }

  private boolean isLeaf(int i) {
    return grad && sample.args().get(i).isDifferentiable();
  }

  private Outcome ours() {
    try (TensorScope scope = TensorScope.open()) {
      Tensor[] in = new Tensor[leaves.size()];
      List<Tensor> needing = new ArrayList<>();
      for (int i = 0; i < in.length; i++) {
        Tensor leaf = leaves.get(i).ours();
        if (isLeaf(i)) {
          needing.add(leaf.setRequiresGrad(true));
        }
        in[i] = layouts.get(i).view(leaf, sample.args().get(i).shape());
      }
      return Outcome.of(Outcome.tensors(sample.ours().apply(in)), needing, gradSeed);
    } catch (RuntimeException | AssertionError e) {
      return Outcome.failed(e);
    }
  }

  private Outcome theirs() {
    try (PointerScope scope = new PointerScope()) {
      List<org.bytedeco.pytorch.Tensor> in = new ArrayList<>();
      List<org.bytedeco.pytorch.Tensor> needing = new ArrayList<>();
      for (int i = 0; i < leaves.size(); i++) {
        var leaf = leaves.get(i).theirs();
        if (isLeaf(i)) {
          needing.add(leaf.requires_grad_(true));
        }
        in.add(layouts.get(i).view(leaf, sample.args().get(i).shape()));
      }
      return Outcome.ofTheirs(Script.run(sample.script(), in), needing, gradSeed);
    } catch (RuntimeException e) {
      return Outcome.failed(e);
    }
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(title).append(":\n  ").append(sample.script());
    for (int i = 0; i < leaves.size(); i++) {
      Arg arg = sample.args().get(i);
      text.append("\n  x").append(i).append(": ").append(arg);
      text.append(' ').append(layouts.get(i)).append(isLeaf(i) ? " with grad" : "");
      text.append(" of ").append(leaves.get(i));
    }
    return text.toString();
  }
}
