package dev.bellows.nn.layer;

import dev.bellows.autograd.Autograd;
import dev.bellows.autograd.Function;
import dev.bellows.autograd.FunctionContext;
import dev.bellows.autograd.GradMode;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * All steps of a recurrent layer whose batches are of one size, as one function. Inputs: the
 * input's part of the gates [t, n, gates], the first states [n, hidden], weight_hh [gates, hidden]
 * and, unless there is none, bias_hh. Outputs: the hidden states [t, n, hidden], then the last
 * states but the hidden one.
 */
abstract class RecurrentSequence extends Function {
  private final boolean reverse;
  private final int states;

  /**
   * Creates the function.
   *
   * @param states how many states there are, the hidden one first
   */
  RecurrentSequence(boolean reverse, int states) {
    this.reverse = reverse;
    this.states = states;
  }

  /** Runs the function. */
  final Tensor[] run(Tensor gates, Tensor[] first, RecurrentSteps.Weights w) {
    List<Tensor> in = new ArrayList<>(List.of(gates));
    in.addAll(List.of(first));
    in.add(w.hh());
    if (w.biasHh() != null) {
      in.add(w.biasHh());
    }
    return applyAll(in.toArray(Tensor[]::new));
  }

  /** Computes one step from other operations. */
  abstract Tensor[] composedStep(Tensor gates, Tensor[] state, RecurrentSteps.Weights w);

  /** Returns the place of the k-th step to compute. */
  final int place(int k, long steps) {
    return reverse ? (int) steps - 1 - k : k;
  }

  final Tensor weight(Tensor... in) {
    return in[1 + states];
  }

  final Tensor bias(Tensor... in) {
    return in.length > 2 + states ? in[2 + states] : null;
  }

  /** Saves what forward computed, and the inputs behind it. */
  static void save(FunctionContext ctx, Tensor[] in, Tensor... computed) {
    ctx.saveForBackward(computed);
    ctx.saveForBackward(in);
  }

  @Override
  protected final Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
    Tensor[] saved = ctx.savedTensors();
    Tensor[] in = Arrays.copyOfRange(saved, saved.length - ctx.inputs(), saved.length);
    return GradMode.isEnabled()
        ? composed(ctx, in, gradOutputs)
        : computed(ctx, saved, in, gradOutputs);
  }

  /** Computes the gradients from what forward saved. */
  abstract Tensor[] computed(
      FunctionContext ctx, Tensor[] saved, Tensor[] in, Tensor... gradOutputs);

  /** Returns the states before each step, of the states after each and the first one. */
  final Tensor before(Tensor after, Tensor first) {
    long rest = after.size(0) - 1;
    Tensor start = first.unsqueeze(0);
    return reverse
        ? Tensor.cat(List.of(after.narrow(0, 1, rest), start), 0)
        : Tensor.cat(List.of(start, after.narrow(0, 0, rest)), 0);
  }

  /**
   * Returns the gradients of the inputs.
   *
   * @param gates of the input's part of the gates
   * @param first of the first states
   * @param products of the products of hidden states and weight_hh [t, n, gates]
   * @param before the hidden states before each step
   */
  final Tensor[] gradients(
      FunctionContext ctx, Tensor gates, Tensor[] first, Tensor products, Tensor before) {
    Tensor rows = products.flatten(0, 1);
    Tensor[] grads = new Tensor[ctx.inputs()];
    grads[0] = gates;
    System.arraycopy(first, 0, grads, 1, states);
    grads[1 + states] = rows.t().matmul(before.flatten(0, 1));
    if (grads.length > 2 + states) {
      grads[2 + states] = rows.sum(0);
    }
    return grads;
  }

  /** Returns the gradients as functions of the inputs, for gradients of higher order. */
  private Tensor[] composed(FunctionContext ctx, Tensor[] inputs, Tensor... gradOutputs) {
    // views, since one input may be another one or depend on it
    Tensor[] in = Stream.of(inputs).map(x -> x.view(x.shape())).toArray(Tensor[]::new);
    Tensor[] state = Arrays.copyOfRange(in, 1, 1 + states);
    var w = new RecurrentSteps.Weights(null, weight(in), null, bias(in), null);
    long steps = in[0].size(0);
    Tensor[] outputs = new Tensor[(int) steps];
    List<Tensor> gates = in[0].unbind(0);
    for (int k = 0; k < steps; k++) {
      state = composedStep(gates.get(place(k, steps)), state, w);
      outputs[place(k, steps)] = state[0];
    }
    List<Tensor> needed = new ArrayList<>();
    for (int i = 0; i < in.length; i++) {
      if (ctx.needsInputGrad(i)) {
        needed.add(in[i]);
      }
    }
    List<Tensor> results = new ArrayList<>(List.of(state));
    results.set(0, Tensor.stack(List.of(outputs), 0));
    Tensor[] found = Autograd.grad(results, needed, List.of(gradOutputs), true, true, true);
    Tensor[] grads = new Tensor[in.length];
    for (int i = 0, next = 0; i < in.length; i++) {
      grads[i] = ctx.needsInputGrad(i) ? found[next++] : null;
    }
    return grads;
  }
}
