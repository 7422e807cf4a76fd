package dev.bellows.nn.layer;

import static dev.bellows.errors.Messages.message;

import dev.bellows.nn.Functional;
import dev.bellows.tensor.Tensor;
import java.util.List;

/** One step of each kind of recurrent layer, from the input's part of the gates [n, gates]. */
final class RecurrentSteps {
  private RecurrentSteps() {}

  /**
   * Weights of one layer and direction.
   *
   * @param ih [gates, inputs]
   * @param hh [gates, hidden]
   * @param biasIh [gates], or null
   * @param biasHh [gates], or null
   * @param proj [projSize, hiddenSize], or null
   */
  record Weights(Tensor ih, Tensor hh, Tensor biasIh, Tensor biasHh, Tensor proj) {
    Tensor ofInput(Tensor x) {
      return Functional.linear(x, ih, biasIh);
    }

    Tensor ofHidden(Tensor h) {
      return Functional.linear(h, hh, biasHh);
    }
  }

  /**
   * Returns whether the function of an RNN is max(x, 0) rather than tanh.
   *
   * @throws IllegalArgumentException if it is neither
   */
  static boolean isRelu(String layer, String nonlinearity) {
    if (!List.of("tanh", "relu").contains(String.valueOf(nonlinearity))) {
      throw new IllegalArgumentException(
          message(
              "%s: Unknown nonlinearity '%s'. Select from 'tanh' or 'relu'.", layer, nonlinearity));
    }
    return nonlinearity.equals("relu");
  }

  /** Returns the new hidden state. */
  static Tensor[] rnn(Tensor gates, Tensor[] state, Weights w, boolean relu) {
    Tensor sum = gates.add(w.ofHidden(state[0]));
    return new Tensor[] {relu ? sum.relu() : sum.tanh()};
  }

  /** Returns the new hidden and cell states; gates are input, forget, cell, output. */
  static Tensor[] lstm(Tensor gates, Tensor[] state, Weights w) {
    List<Tensor> g = gates.add(w.ofHidden(state[0])).chunk(4, 1);
    Tensor kept = g.get(1).sigmoid().mul(state[1]);
    Tensor c = kept.add(g.get(0).sigmoid().mul(g.get(2).tanh()));
    Tensor h = g.get(3).sigmoid().mul(c.tanh());
    return new Tensor[] {w.proj() == null ? h : Functional.linear(h, w.proj(), null), c};
  }

  /** Returns the new hidden state; gates are reset, update, new. */
  static Tensor[] gru(Tensor gates, Tensor[] state, Weights w) {
    List<Tensor> x = gates.chunk(3, 1);
    List<Tensor> h = w.ofHidden(state[0]).chunk(3, 1);
    Tensor reset = x.get(0).add(h.get(0)).sigmoid();
    Tensor update = x.get(1).add(h.get(1)).sigmoid();
    Tensor fresh = x.get(2).add(reset.mul(h.get(2))).tanh();
    return new Tensor[] {state[0].sub(fresh).mul(update).add(fresh)};
  }
}
