package dev.bellows.nn.layer;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.nn.Functional;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorScope;

/**
 * All steps of gated recurrent units; the state is the hidden one.
 *
 * <p>With u = (1 − z)·(1 − n²), the gradients of the products of hidden states and weight_hh are
 * that of the hidden state dh times factors that do not depend on later steps: u·m·r·(1 − r) for r,
 * where m is the product for n, (h − n)·z·(1 − z) for z, and u·r for n; before r they are u·dh. The
 * factors, and the gradients of the weights, are computed for all steps at once; what is left to
 * each step is the product with the factors, and dh·z + products · weight_hh for the step before.
 */
final class GruSequence extends RecurrentSequence {
  GruSequence(boolean reverse) {
    super(reverse, 1);
  }

  @Override
  Tensor[] composedStep(Tensor gates, Tensor[] state, RecurrentSteps.Weights w) {
    return RecurrentSteps.gru(gates, state, w);
  }

  @Override
  protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
    long steps = in[0].size(0);
    long hidden = in[1].size(1);
    Tensor gates = in[0].clone();
    Tensor news = gates.newEmpty(steps, in[1].size(0), hidden);
    Tensor outputs = gates.newEmpty(steps, in[1].size(0), hidden);
    for (int k = 0; k < steps; k++) {
      int t = place(k, steps);
      try (TensorScope scope = TensorScope.open()) {
        Tensor h = k == 0 ? in[1] : outputs.select(0, place(k - 1, steps));
        Tensor products = Functional.linear(h, weight(in), bias(in));
        Tensor m = news.select(0, t).copy_(products.narrow(1, 2 * hidden, hidden));
        Tensor a = gates.select(0, t);
        a.narrow(1, 0, 2 * hidden).add_(products.narrow(1, 0, 2 * hidden)).sigmoid_();
        Tensor fresh = a.narrow(1, 2 * hidden, hidden);
        fresh.add_(a.narrow(1, 0, hidden).mul(m)).tanh_();
        Tensor z = a.narrow(1, hidden, hidden);
        outputs.select(0, t).copy_(h).sub_(fresh).mul_(z).add_(fresh);
      }
    }
    save(ctx, in, gates, news, outputs);
    return new Tensor[] {outputs};
  }

  @Override
  Tensor[] computed(FunctionContext ctx, Tensor[] saved, Tensor[] in, Tensor... gradOutputs) {
    Tensor gates = saved[0];
    long steps = gates.size(0);
    long n = gates.size(1);
    long hidden = saved[1].size(2);
    Tensor before = before(saved[2], in[1]);
    Tensor products = gates.newEmpty(gates.shape());
    Tensor hiddens = gates.newEmpty(steps, n, hidden);
    Tensor dh = gates.newZeros(n, hidden);
    Tensor grad = gates.newEmpty(gates.shape());
    try (TensorScope all = TensorScope.open()) {
      Tensor u = factors(gates, saved[1], before, products);
      for (int k = (int) steps - 1; k >= 0; k--) {
        int t = place(k, steps);
        try (TensorScope scope = TensorScope.open()) {
          Tensor a = products.select(0, t);
          hiddens.select(0, t).copy_(dh.add_(gradOutputs[0].select(0, t)));
          a.view(n, 3, hidden).mul_(dh.unsqueeze(1));
          dh.mul_(gates.select(0, t).narrow(1, hidden, hidden)).add_(a.matmul(weight(in)));
        }
      }
      grad.copy_(products).narrow(2, 2 * hidden, hidden).copy_(u.mul(hiddens));
    }
    return gradients(ctx, grad, new Tensor[] {dh}, products, before);
  }

  /** Writes the factors of dh in the products' gradients, and returns u. */
  private static Tensor factors(Tensor gates, Tensor news, Tensor before, Tensor factors) {
    long hidden = news.size(2);
    Tensor r = gates.narrow(2, 0, hidden);
    Tensor z = gates.narrow(2, hidden, hidden);
    Tensor n = gates.narrow(2, 2 * hidden, hidden);
    factors.copy_(gates.rsub(1)).mul_(gates);
    Tensor u = z.rsub(1).mul(n.square().rsub(1));
    factors.narrow(2, 0, hidden).mul_(u).mul_(news);
    factors.narrow(2, hidden, hidden).mul_(before.sub(n));
    factors.narrow(2, 2 * hidden, hidden).copy_(u).mul_(r);
    return u;
  }
}
