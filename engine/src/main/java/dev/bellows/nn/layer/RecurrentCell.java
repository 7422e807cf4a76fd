package dev.bellows.nn.layer;

import static dev.bellows.errors.Messages.message;

import dev.bellows.nn.Init;
import dev.bellows.nn.Module;
import dev.bellows.nn.Parameter;
import dev.bellows.tensor.Tensor;

/** Computes one step of a recurrent network from its weights. */
abstract class RecurrentCell extends Module {
  private final long inputSize;
  private final long hiddenSize;
  private final boolean bias;
  private final transient RecurrentSteps.Weights weights;

  RecurrentCell(long inputSize, long hiddenSize, int gates, CellOptions options) {
    if (inputSize < 0 || hiddenSize <= 0) {
      throw refused(
          message(
              "input_size must not be negative, and hidden_size must be greater than zero; got %s,"
                  + " %s",
              inputSize, hiddenSize));
    }
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    this.bias = options.bias;
    long rows = Math.multiplyExact(gates, hiddenSize);
    this.weights =
        new RecurrentSteps.Weights(
            parameter("weight_ih", options, rows, inputSize),
            parameter("weight_hh", options, rows, hiddenSize),
            bias ? parameter("bias_ih", options, rows) : null,
            bias ? parameter("bias_hh", options, rows) : null,
            null);
    double bound = 1 / Math.sqrt(hiddenSize);
    parameters().forEach(p -> Init.uniform(p, -bound, bound, options.generator()));
  }

  private Parameter parameter(String name, CellOptions options, long... shape) {
    return register(name, Parameter.of(Tensor.empty(options.dtype(), shape)));
  }

  final IllegalArgumentException refused(String problem) {
    return new IllegalArgumentException(message("%s: %s", getClass().getSimpleName(), problem));
  }

  /** Computes the next states from the input's part of the gates [n, gates]. */
  abstract Tensor[] step(Tensor gates, Tensor[] state, RecurrentSteps.Weights w);

  /** Returns the next states; given ones that are null are zeros. */
  final Tensor[] next(Tensor x, Tensor... given) {
    if (x.dim() != 1 && x.dim() != 2) {
      throw new IllegalArgumentException(
          "Expected input to be 1D or 2D, got " + x.dim() + "D instead");
    }
    boolean batched = x.dim() == 2;
    Tensor in = batched ? x : x.unsqueeze(0);
    if (in.size(1) != inputSize) {
      throw new IllegalArgumentException(
          message("input has inconsistent input_size: got %s expected %s", in.size(1), inputSize));
    }
    Tensor[] state = new Tensor[given.length];
    for (int i = 0; i < state.length; i++) {
      state[i] =
          given[i] == null
              ? in.newZeros(in.size(0), hiddenSize)
              : checked(i, in, batched, given[i]);
    }
    Tensor[] out = step(weights.ofInput(in), state, weights);
    for (int i = 0; i < out.length; i++) {
      out[i] = batched ? out[i] : out[i].squeeze(0);
    }
    return out;
  }

  private Tensor checked(int i, Tensor in, boolean batched, Tensor given) {
    if (given.dim() != (batched ? 2 : 1)) {
      throw new IllegalArgumentException(
          message(
              "Expected hx[%s] to be %s as the input, got %sD instead",
              i, batched ? "2D" : "1D", given.dim()));
    }
    Tensor state = batched ? given : given.unsqueeze(0);
    if (state.size(0) != in.size(0)) {
      throw new IllegalArgumentException(
          message(
              "Input batch size %s doesn't match hidden%s batch size %s",
              in.size(0), i, state.size(0)));
    }
    if (state.size(1) != hiddenSize) {
      throw new IllegalArgumentException(
          message(
              "hidden%s has inconsistent hidden_size: got %s, expected %s",
              i, state.size(1), hiddenSize));
    }
    return state;
  }

  @Override
  protected String extraRepr() {
    return inputSize + ", " + hiddenSize + (bias ? "" : ", bias=false");
  }
}
