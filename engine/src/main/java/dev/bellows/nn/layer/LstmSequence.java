package dev.bellows.nn.layer;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.nn.Functional;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorScope;

/**
 * All steps of an LSTM without projection; its states are the hidden and the cell state.
 *
 * <p>With s the derivative of each gate's function, the gradients of the gates before it are those
 * of the hidden state dh and of the cell state dc times factors that do not depend on later steps:
 * s·g, s·c, s·i for i, f, g with dc, and s·tanh(c′) for o with dh. The factors, and the gradients
 * of the weights, are computed for all steps at once; what is left to each step is dc += dh·o·(1 −
 * tanh²(c′)), the product with the factors, and dh = gates · weight_hh for the step before.
 */
final class LstmSequence extends RecurrentSequence {
  LstmSequence(boolean reverse) {
    super(reverse, 2);
  }

  @Override
  Tensor[] composedStep(Tensor gates, Tensor[] state, RecurrentSteps.Weights w) {
    return RecurrentSteps.lstm(gates, state, w);
  }

  @Override
  protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
    long steps = in[0].size(0);
    long hidden = in[1].size(1);
    Tensor gates = in[0].clone();
    Tensor cells = gates.newEmpty(steps, in[1].size(0), hidden);
    Tensor outputs = gates.newEmpty(steps, in[1].size(0), hidden);
    for (int k = 0; k < steps; k++) {
      int t = place(k, steps);
      try (TensorScope scope = TensorScope.open()) {
        Tensor h = k == 0 ? in[1] : outputs.select(0, place(k - 1, steps));
        Tensor c = k == 0 ? in[2] : cells.select(0, place(k - 1, steps));
        Tensor a = gates.select(0, t).add_(Functional.linear(h, weight(in), bias(in)));
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
    save(ctx, in, gates, cells, outputs);
    return new Tensor[] {outputs, cells.select(0, place((int) steps - 1, steps)).clone()};
  }

  @Override
  Tensor[] computed(FunctionContext ctx, Tensor[] saved, Tensor[] in, Tensor... gradOutputs) {
    Tensor gates = saved[0];
    Tensor cells = saved[1];
    long steps = gates.size(0);
    long n = gates.size(1);
    long hidden = cells.size(2);
    Tensor grad = gates.newEmpty(gates.shape());
    Tensor dh = gradOutputs[0].newZeros(n, hidden);
    Tensor dc = gradOutputs[1].clone();
    try (TensorScope all = TensorScope.open()) {
      Tensor slope = factors(gates, cells, before(cells, in[2]), grad);
      for (int k = (int) steps - 1; k >= 0; k--) {
        int t = place(k, steps);
        try (TensorScope scope = TensorScope.open()) {
          Tensor a = grad.select(0, t);
          dh.add_(gradOutputs[0].select(0, t));
          dc.add_(slope.select(0, t).mul(dh));
          a.narrow(1, 0, 3 * hidden).view(n, 3, hidden).mul_(dc.unsqueeze(1));
          a.narrow(1, 3 * hidden, hidden).mul_(dh);
          dc.mul_(gates.select(0, t).narrow(1, hidden, hidden));
          dh.copy_(a.matmul(weight(in)));
        }
      }
    }
    return gradients(ctx, grad, new Tensor[] {dh, dc}, grad, before(saved[2], in[1]));
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
}
