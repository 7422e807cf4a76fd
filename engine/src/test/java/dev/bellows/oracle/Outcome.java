package dev.bellows.oracle;

import dev.bellows.autograd.Autograd;
import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * The result of a call on one side.
 *
 * @param outputs its results
 * @param recorded for each result, whether it has a gradient
 * @param grads the gradients of the leaves, null where there is none
 * @param error what it threw instead; null if nothing
 */
record Outcome(List<Values> outputs, List<Boolean> recorded, List<Values> grads, Throwable error) {

  /** The side that ran into an error. */
  static Outcome failed(Throwable error) {
    return new Outcome(List.of(), List.of(), List.of(), error);
  }

  /** The same numbers called numbers of the types of another outcome, not rounded to them. */
  Outcome asTypesOf(Outcome other) {
    return new Outcome(
        asTypesOf(outputs, other.outputs), recorded, asTypesOf(grads, other.grads), error);
  }

  private static List<Values> asTypesOf(List<Values> values, List<Values> others) {
    List<Values> all = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      boolean both = i < others.size() && values.get(i) != null && others.get(i) != null;
      all.add(both ? values.get(i).as(others.get(i).dtype()) : values.get(i));
    }
    return all;
  }

  /** The first difference in any bit, or in the message of an error; null if there is none. */
  String differenceTo(Outcome other) {
    if (error != null || other.error != null) {
      return String.valueOf(error).equals(String.valueOf(other.error))
          ? null
          : "throws " + error + "\n  and " + other.error;
    }
    if (!recorded.equals(other.recorded)) {
      return "requires grad: " + recorded + " and " + other.recorded;
    }
    return differs(outputs, other.outputs) || differs(grads, other.grads)
        ? "gives "
            + outputs
            + " with gradients "
            + grads
            + "\n  and "
            + other.outputs
            + " with "
            + other.grads
        : null;
  }

  private static boolean differs(List<Values> all, List<Values> others) {
    boolean same = all.size() == others.size();
    for (int i = 0; same && i < all.size(); i++) {
      Values one = all.get(i);
      Values other = others.get(i);
      same = one == null || other == null ? one == other : one.isEqualTo(other);
    }
    return !same;
  }

  /** Whether libtorch does not have the operation for these element types. */
  boolean isMissing() {
    return error != null && String.valueOf(error.getMessage()).contains("not implemented for '");
  }

  /** The results of the engine as tensors. */
  static List<Tensor> tensors(Object result) {
    if (result instanceof Tensor t) {
      return List.of(t);
    } else if (result instanceof Tensor[] array) {
      return Arrays.asList(array);
    } else if (result instanceof List<?> list) {
      return list.stream().map(Tensor.class::cast).toList();
    } else if (result instanceof Boolean b) {
      return List.of(Tensor.of(new boolean[] {b}, new long[0]));
    } else if (result instanceof Double d) {
      return List.of(Tensor.of(new double[] {d}, new long[0]));
    } else if (result instanceof Number n) {
      return List.of(Tensor.of(new long[] {n.longValue()}, new long[0]));
    }
    throw new IllegalArgumentException("sample: result must be tensors; got " + result);
  }

  /** Gradients of the leaves for the random gradients that each result gets. */
  static Outcome of(List<Tensor> outputs, List<Tensor> leaves, long seed) {
    List<Tensor> roots = new ArrayList<>();
    List<Tensor> gradOutputs = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      Tensor out = outputs.get(i);
      if (out.requiresGrad()) {
        roots.add(out);
        Tensor grad = gradOutput(seed, i, out.dtype(), out.shape()).ours();
        gradOutputs.add(grad.to(out.device()));
      }
    }
    List<Values> grads = new ArrayList<>();
    if (!roots.isEmpty()) {
      Tensor[] all = Autograd.grad(roots, leaves, gradOutputs, false, false, true);
      for (Tensor grad : all) {
        grads.add(grad == null ? null : Values.of(grad));
      }
    }
    return new Outcome(
        outputs.stream().map(Values::of).toList(),
        outputs.stream().map(Tensor::requiresGrad).toList(),
        grads,
        null);
  }

  /** As results the gradients of the leaves, as gradients those of these. */
  static Outcome twice(List<Tensor> outputs, List<Tensor> leaves, long seed) {
    List<Tensor> roots = outputs.stream().filter(Tensor::requiresGrad).toList();
    if (roots.isEmpty() || leaves.isEmpty()) {
      return failed(null);
    }
    List<Tensor> ones = new ArrayList<>();
    for (int i = 0; i < roots.size(); i++) {
      Tensor out = roots.get(i);
      Tensor one = gradOutput(seed, i, out.dtype(), out.shape()).ours().to(out.device());
      ones.add(one.setRequiresGrad(true));
    }
    Tensor[] grads = Autograd.grad(roots, leaves, ones, true, true, true);
    List<Tensor> first = Arrays.stream(grads).filter(g -> g != null).toList();
    List<Tensor> all = new ArrayList<>(leaves);
    all.addAll(ones);
    return of(first, all, seed + 1);
  }

  /** {@link #twice} with libtorch. */
  static Outcome twiceOfTheirs(
      List<org.bytedeco.pytorch.Tensor> outputs,
      List<org.bytedeco.pytorch.Tensor> leaves,
      long seed) {
    TensorVector roots = new TensorVector();
    TensorVector ones = new TensorVector();
    List<org.bytedeco.pytorch.Tensor> all = new ArrayList<>(leaves);
    int number = 0;
    for (var out : outputs) {
      if (out.requires_grad()) {
        DType type = Torch.type(out.scalar_type());
        var one = gradOutput(seed, number++, type, Torch.shape(out)).theirs().requires_grad_(true);
        roots.push_back(out);
        ones.push_back(one);
        all.add(one);
      }
    }
    if (number == 0 || leaves.isEmpty()) {
      return failed(new UnsupportedOperationException("no gradient"));
    }
    TensorVector wanted = new TensorVector();
    leaves.forEach(wanted::push_back);
    TensorVector grads = torch.grad(roots, wanted, ones, new BoolOptional(true), true, true);
    List<org.bytedeco.pytorch.Tensor> first = new ArrayList<>();
    for (long i = 0; i < grads.size(); i++) {
      if (grads.get(i).defined()) {
        first.add(grads.get(i));
      }
    }
    return ofTheirs(first, all, seed + 1);
  }

  /** The same with libtorch. */
  static Outcome ofTheirs(
      List<org.bytedeco.pytorch.Tensor> outputs,
      List<org.bytedeco.pytorch.Tensor> leaves,
      long seed) {
    List<DType> types = outputs.stream().map(out -> Torch.type(out.scalar_type())).toList();
    return ofTheirs(outputs, leaves, seed, types);
  }

  /** The same, with gradients of the results that are numbers of the given types. */
  static Outcome ofTheirs(
      List<org.bytedeco.pytorch.Tensor> outputs,
      List<org.bytedeco.pytorch.Tensor> leaves,
      long seed,
      List<DType> types) {
    org.bytedeco.pytorch.Tensor total = null;
    for (int i = 0; i < outputs.size(); i++) {
      var out = outputs.get(i);
      if (out.requires_grad()) {
        Values gradOutput = gradOutput(seed, i, types.get(i), Torch.shape(out));
        var part = out.mul(gradOutput.as(Torch.type(out.scalar_type())).theirs()).sum();
        total = total == null ? part : total.add(part);
      }
    }
    List<Values> grads = new ArrayList<>();
    if (total != null) {
      total.backward();
      for (var leaf : leaves) {
        grads.add(leaf.grad().defined() ? Values.of(leaf.grad()) : null);
      }
    }
    return new Outcome(
        outputs.stream().map(Values::of).toList(),
        outputs.stream().map(org.bytedeco.pytorch.Tensor::requires_grad).toList(),
        grads,
        null);
  }

  private static Values gradOutput(long seed, int output, DType dtype, long... shape) {
    Rng r = new Rng(seed + output, false);
    return Arg.of(dtype, shape).in(-1, 1).values(r, Arg.Fill.PLAIN);
  }
}
