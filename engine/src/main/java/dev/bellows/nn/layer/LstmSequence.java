package dev.bellows.nn.layer;

import dev.bellows.autograd.Autograd;
import dev.bellows.autograd.Function;
import dev.bellows.autograd.FunctionContext;
import dev.bellows.autograd.GradMode;
import dev.bellows.nn.Functional;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * All steps of an LSTM without projection whose batches are of one size, as one function. Inputs:
 * the input's part of the gates [t, n, 4 · hidden], the first hidden and cell states [n, hidden],
 * weight_hh [4 · hidden, hidden] and, unless there is none, bias_hh. Outputs: the hidden states [t,
 * n, hidden] and the last cell state.
 *
 * <p>With s the derivative of each gate's function, the gradients of the gates before it are those
 * of the hidden state dh and of the cell state dc times factors that do not depend on later steps:
 * s·g, s·c, s·i for i, f, g with dc, and s·tanh(c′) for o with dh. The factors, and the gradients
 * of the weights, are computed for all steps at once; what is left to each step is dc += dh·o·(1 −
 * tanh²(c′)), the product with the factors, and dh = gates · weight_hh for the step before.
 */
final class LstmSequence extends Function {
  private final boolean reverse;

  private LstmSequence(boolean reverse) {
    this.reverse = reverse;
  }

  /** Returns the hidden states [t, n, hidden] and the last cell state. */
  static Tensor[] run(Tensor gates, Tensor h, Tensor c, RecurrentSteps.Weights w, boolean reverse) {
    LstmSequence sequence = new LstmSequence(reverse);
    return w.biasHh() == null
        ? sequence.applyAll(gates, h, c, w.hh())
        : sequence.applyAll(gates, h, c, w.hh(), w.biasHh());
  }

  /** Returns the k-th step to compute. */
  private int step(int k, long steps) {
    return reverse ? (int) steps - 1 - k : k;
  }

  @Override
  protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
    long steps = in[0].size(0);
    long hidden = in[1].size(1);
    Tensor gates = in[0].clone();
    Tensor cells = gates.newEmpty(steps, in[1].size(0), hidden);
    Tensor outputs = gates.newEmpty(steps, in[1].size(0), hidden);
    Tensor bias = in.length > 4 ? in[4] : null;
    for (int k = 0; k < steps; k++) {
      int t = step(k, steps);
      try (TensorScope scope = TensorScope.open()) {
        Tensor h = k == 0 ? in[1] : outputs.select(0, step(k - 1, steps));
        Tensor c = k == 0 ? in[2] : cells.select(0, step(k - 1, steps));
        Tensor a = gates.select(0, t).add_(Functional.linear(h, in[3], bias));
        Tensor g = a.narrow(1, 2 * hidden, hidden);
        Tensor fresh = g.tanh();
        a.sigmoid_();
        g.copy_(fresh);
        Tensor kept = a.narrow(1, hidden, hidden).mul(c);
        Tensor cell = cells.select(0, t).copy_(a.narrow(1, 0, hidden).mul(fresh)).add_(kept);
        Tensor o = a.narrow(1, 3 * hidden, hidden);
        outputs.select(0, t).copy_(cell.tanh()).mul_(o);
      }
    }
    ctx.saveForBackward(
        join(List.of(gates, cells, outputs), Arrays.asList(in)).toArray(Tensor[]::new));
    return new Tensor[] {outputs, cells.select(0, step((int) steps - 1, steps)).clone()};
  }

  private static List<Tensor> join(List<Tensor> first, List<Tensor> second) {
    List<Tensor> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  @Override
  protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
    Tensor[] saved = ctx.savedTensors();
    Tensor[] in = Arrays.copyOfRange(saved, 3, saved.length);
    return GradMode.isEnabled()
        ? composed(ctx, in, gradOutputs)
        : computed(saved[0], saved[1], saved[2], in, gradOutputs);
  }

  private Tensor[] computed(
      Tensor gates, Tensor cells, Tensor outputs, Tensor[] in, Tensor... gradOutputs) {
    long steps = gates.size(0);
    long n = gates.size(1);
    long hidden = cells.size(2);
    Tensor grad = gates.newEmpty(gates.shape());
    Tensor dh = gradOutputs[0].newZeros(n, hidden);
    Tensor dc = gradOutputs[1].clone();
    try (TensorScope all = TensorScope.open()) {
      Tensor slope = factors(gates, cells, before(cells, in[2]), grad);
      for (int k = (int) steps - 1; k >= 0; k--) {
        int t = step(k, steps);
        try (TensorScope scope = TensorScope.open()) {
          Tensor a = grad.select(0, t);
          dh.add_(gradOutputs[0].select(0, t));
          dc.add_(slope.select(0, t).mul(dh));
          a.narrow(1, 0, 3 * hidden).view(n, 3, hidden).mul_(dc.unsqueeze(1));
          a.narrow(1, 3 * hidden, hidden).mul_(dh);
          dc.mul_(gates.select(0, t).narrow(1, hidden, hidden));
          dh.copy_(a.matmul(in[3]));
        }
      }
    }
    Tensor rows = grad.reshape(steps * n, 4 * hidden);
    Tensor weight = rows.t().matmul(before(outputs, in[1]).reshape(steps * n, hidden));
    return in.length > 4
        ? new Tensor[] {grad, dh, dc, weight, rows.sum(0)}
        : new Tensor[] {grad, dh, dc, weight};
  }

  /** Returns the states before each step, of the states after each and the first one. */
  private Tensor before(Tensor states, Tensor first) {
    long rest = states.size(0) - 1;
    Tensor start = first.unsqueeze(0);
    return reverse
        ? Tensor.cat(List.of(states.narrow(0, 1, rest), start), 0)
        : Tensor.cat(List.of(start, states.narrow(0, 0, rest)), 0);
  }

  /** Writes the factors of dc and dh in the gates' gradients, and returns that of dh in dc. */
  private static Tensor factors(Tensor gates, Tensor cells, Tensor before, Tensor factors) {
    long hidden = cells.size(2);
    Tensor i = gates.narrow(2, 0, hidden);
    Tensor g = gates.narrow(2, 2 * hidden, hidden);
    Tensor o = gates.narrow(2, 3 * hidden, hidden);
    Tensor tanh = cells.tanh();
    factors.copy_(gates.rsub(1)).mul_(gates);
    factors.narrow(2, 0, hidden).mul_(g);
    factors.narrow(2, hidden, hidden).mul_(before);
    factors.narrow(2, 2 * hidden, hidden).copy_(g.square().rsub(1)).mul_(i);
    factors.narrow(2, 3 * hidden, hidden).mul_(tanh);
    return tanh.square().rsub(1).mul(o);
  }

  /** Returns the gradients as functions of the inputs, for gradients of higher order. */
  private Tensor[] composed(FunctionContext ctx, Tensor[] inputs, Tensor... gradOutputs) {
    // views, since one input may be another one or depend on it
    Tensor[] in = Stream.of(inputs).map(x -> x.view(x.shape())).toArray(Tensor[]::new);
    Tensor[] state = {in[1], in[2]};
    var w = new RecurrentSteps.Weights(null, in[3], null, in.length > 4 ? in[4] : null, null);
    long steps = in[0].size(0);
    Tensor[] outputs = new Tensor[(int) steps];
    List<Tensor> gates = in[0].unbind(0);
    for (int k = 0; k < steps; k++) {
      state = RecurrentSteps.lstm(gates.get(step(k, steps)), state, w);
      outputs[step(k, steps)] = state[0];
    }
    List<Tensor> needed = new ArrayList<>();
    for (int i = 0; i < in.length; i++) {
      if (ctx.needsInputGrad(i)) {
        needed.add(in[i]);
      }
    }
    List<Tensor> results = List.of(Tensor.stack(List.of(outputs), 0), state[1]);
    Tensor[] found = Autograd.grad(results, needed, List.of(gradOutputs), true, true, true);
    Tensor[] grads = new Tensor[in.length];
    for (int i = 0, next = 0; i < in.length; i++) {
      grads[i] = ctx.needsInputGrad(i) ? found[next++] : null;
    }
    return grads;
  }
}
