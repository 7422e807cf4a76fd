package dev.bellows.nn.layer;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.Calls;
import dev.bellows.memory.Warnings;
import dev.bellows.nn.Functional;
import dev.bellows.nn.Init;
import dev.bellows.nn.Module;
import dev.bellows.nn.PackedSequence;
import dev.bellows.nn.Parameter;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * Layers that go through sequences step by step. Padded sequences are computed as packed ones whose
 * batches are of one size: rows [Σ batches, features], the first step's first. As a batch gets
 * smaller from step to step, the states of the sequences that ended are cut off; backwards, the
 * first states of those that begin are appended.
 */
abstract class RecurrentLayer extends Module {
  private final long inputSize;
  private final long hiddenSize;
  private final long outputSize;
  private final int numLayers;
  private final int directions;
  private final boolean bias;
  private final boolean batchFirst;
  private final double dropout;
  private final long projSize;
  private final transient List<RecurrentSteps.Weights> weights = new ArrayList<>();

  /**
   * @param input the input
   * @param h the first hidden states, or null for zeros
   * @param c the first cell states, or null for zeros
   */
  private record Input<S>(S input, Tensor h, Tensor c) {}

  RecurrentLayer(long inputSize, long hiddenSize, int gates, RecurrentOptions options) {
    check(inputSize, hiddenSize, options);
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    this.projSize = options.projSize;
    this.outputSize = projSize > 0 ? projSize : hiddenSize;
    this.numLayers = options.numLayers;
    this.directions = options.bidirectional ? 2 : 1;
    this.bias = options.bias;
    this.batchFirst = options.batchFirst;
    this.dropout = options.dropout;
    for (int layer = 0; layer < numLayers; layer++) {
      for (int direction = 0; direction < directions; direction++) {
        weights.add(weights(layer, direction, Math.multiplyExact(gates, hiddenSize), options));
      }
    }
    double bound = 1 / Math.sqrt(hiddenSize);
    parameters().forEach(p -> Init.uniform(p, -bound, bound, options.generator()));
  }

  private void check(long inputs, long hidden, RecurrentOptions options) {
    if (!(options.dropout >= 0 && options.dropout <= 1)) {
      throw refused(
          message(
              "dropout should be a number in range [0, 1] representing the probability of an"
                  + " element being zeroed; got %s",
              options.dropout));
    }
    if (inputs < 0) {
      throw refused("input_size must not be negative; got " + inputs);
    }
    if (hidden <= 0) {
      throw refused("hidden_size must be greater than zero; got " + hidden);
    }
    if (options.numLayers <= 0) {
      throw refused("num_layers must be greater than zero; got " + options.numLayers);
    }
    if (options.projSize < 0) {
      throw refused(
          message(
              "proj_size should be a positive integer or zero to disable projections; got %s",
              options.projSize));
    }
    if (options.projSize > 0 && !hasCell()) {
      throw refused("proj_size argument is only supported for LSTM, not RNN or GRU");
    }
    if (options.projSize >= hidden) {
      throw refused(
          message(
              "proj_size has to be smaller than hidden_size; got %s, %s",
              options.projSize, hidden));
    }
    if (options.dropout > 0 && options.numLayers == 1) {
      Warnings.warn(
          LoggerFactory.getLogger(RecurrentLayer.class),
          "dropout option adds dropout after all but last recurrent layer, so non-zero dropout"
              + " expects num_layers greater than 1, but got dropout={} and num_layers=1",
          options.dropout);
    }
  }

  final IllegalArgumentException refused(String problem) {
    return new IllegalArgumentException(message("%s: %s", getClass().getSimpleName(), problem));
  }

  private RecurrentSteps.Weights weights(
      int layer, int direction, long gates, RecurrentOptions options) {
    String suffix = "_l" + layer + (direction == 1 ? "_reverse" : "");
    long inputs = layer == 0 ? inputSize : outputSize * directions;
    return new RecurrentSteps.Weights(
        parameter("weight_ih" + suffix, options, gates, inputs),
        parameter("weight_hh" + suffix, options, gates, outputSize),
        bias ? parameter("bias_ih" + suffix, options, gates) : null,
        bias ? parameter("bias_hh" + suffix, options, gates) : null,
        projSize > 0 ? parameter("weight_hr" + suffix, options, projSize, hiddenSize) : null);
  }

  private Parameter parameter(String name, RecurrentOptions options, long... shape) {
    return register(name, Parameter.of(Tensor.empty(options.dtype(), shape)));
  }

  /** Returns whether the state has a cell state besides the hidden one. */
  abstract boolean hasCell();

  /** Computes the next states from the input's part of the gates [n, gates]. */
  abstract Tensor[] step(Tensor gates, Tensor[] state, RecurrentSteps.Weights w);

  /**
   * Computes all steps of batches of one size at once, where the layer can.
   *
   * @param gates [t, n, gates]
   * @param first the first states
   * @return the outputs [t, n, hidden] and the last states but the hidden one, or null
   */
  Tensor[] sequence(Tensor gates, Tensor[] first, RecurrentSteps.Weights w, boolean reverse) {
    return null;
  }

  /** Computes outputs and last states from states of zeros. */
  public final RecurrentOutput<Tensor> callWithState(Tensor x) {
    return callWith(x, null, null);
  }

  /** Computes outputs and last states of packed sequences from states of zeros. */
  public final RecurrentOutput<PackedSequence> callWithState(PackedSequence x) {
    return callWith(x, null, null);
  }

  final RecurrentOutput<Tensor> callWith(Tensor x, Tensor h, Tensor c) {
    return callWithHooks(new Input<>(x, h, c), in -> run(in.input(), in.h(), in.c()));
  }

  final RecurrentOutput<PackedSequence> callWith(PackedSequence x, Tensor h, Tensor c) {
    return callWithHooks(new Input<>(x, h, c), in -> runPacked(in.input(), in.h(), in.c()));
  }

  /** Computes outputs and last states of sequences [t, n, features] or [t, features]. */
  final RecurrentOutput<Tensor> run(Tensor x, Tensor h, Tensor c) {
    Objects.requireNonNull(x, "input");
    if (x.dim() != 2 && x.dim() != 3) {
      throw new IllegalArgumentException(
          "Expected input to be 2D or 3D, got " + x.dim() + "D instead");
    }
    boolean batched = x.dim() == 3;
    checkDims(batched, h, c);
    Tensor in = batched ? batchFirst ? x.transpose(0, 1) : x : x.unsqueeze(1);
    checkFeatures(in);
    long steps = in.size(0);
    long n = in.size(1);
    if (steps == 0) {
      throw new IllegalArgumentException("Expected sequence length to be larger than 0 in RNN");
    }
    long[] batches = new long[(int) steps];
    Arrays.fill(batches, n);
    List<Tensor> states = first(in, n, batched ? h : lift(h), batched ? c : lift(c));
    Tensor rows = sweep(in.reshape(steps * n, inputSize), batches, states);
    Tensor out = rows.reshape(steps, n, outputSize * directions);
    if (!batched) {
      states.replaceAll(state -> state.squeeze(1));
      return output(out.squeeze(1), states);
    }
    return output(batchFirst ? out.transpose(0, 1) : out, states);
  }

  private RecurrentOutput<PackedSequence> runPacked(PackedSequence x, Tensor h, Tensor c) {
    if (x.data().dim() != 2) {
      throw new IllegalArgumentException("input must have 2 dimensions, got " + x.data().dim());
    }
    checkFeatures(x.data());
    long[] batches = x.batchSizes().toLongArray();
    Tensor order = x.sortedIndices();
    boolean sorted = order != null;
    List<Tensor> states =
        first(
            x.data(),
            batches[0],
            h == null || !sorted ? h : h.indexSelect(1, order),
            c == null || !sorted ? c : c.indexSelect(1, order));
    Tensor rows = sweep(x.data(), batches, states);
    if (sorted) {
      states.replaceAll(state -> state.indexSelect(1, x.unsortedIndices()));
    }
    return output(x.withData(rows), states);
  }

  private static <S> RecurrentOutput<S> output(S output, List<Tensor> states) {
    return new RecurrentOutput<>(output, states.get(0), states.size() > 1 ? states.get(1) : null);
  }

  private static Tensor lift(Tensor state) {
    return state == null ? null : state.unsqueeze(1);
  }

  private void checkFeatures(Tensor x) {
    if (x.size(-1) != inputSize) {
      throw new IllegalArgumentException(
          message(
              "input.size(-1) must be equal to input_size. Expected %s, got %s",
              inputSize, x.size(-1)));
    }
  }

  private void checkDims(boolean batched, Tensor h, Tensor c) {
    int dims = batched ? 3 : 2;
    if (h != null && h.dim() != dims || c != null && c.dim() != dims) {
      String got =
          (h == null ? "no" : h.dim() + "-D")
              + (hasCell() && c != null ? ", " + c.dim() + "-D" : "");
      throw new IllegalArgumentException(
          message(
              "%s%s should also be %s-D but got (%s) tensor%s",
              batched ? "For batched 3-D input, hx" : "For unbatched 2-D input, hx",
              hasCell() ? " and cx" : "",
              dims,
              got,
              hasCell() ? "s" : ""));
    }
  }

  /** Returns the first hidden states and, if there are any, the first cell states. */
  private List<Tensor> first(Tensor x, long n, Tensor h, Tensor c) {
    if (hasCell() && (h == null) != (c == null)) {
      throw new IllegalArgumentException("hx and cx must both be given, or neither; got one");
    }
    List<Tensor> states = new ArrayList<>();
    states.add(first(x, h, hasCell() ? "hidden[0]" : "hidden", n, outputSize));
    if (hasCell()) {
      states.add(first(x, c, "hidden[1]", n, hiddenSize));
    }
    return states;
  }

  private Tensor first(Tensor x, Tensor given, String what, long n, long features) {
    long[] shape = {(long) numLayers * directions, n, features};
    if (given == null) {
      return x.newZeros(shape);
    }
    if (!Arrays.equals(given.shape(), shape)) {
      throw new IllegalArgumentException(
          message("Expected %s size %s, got %s", what, shape, given.shape()));
    }
    return given;
  }

  /** Runs all layers and replaces the states by the last ones. */
  private Tensor sweep(Tensor rows, long[] batches, List<Tensor> states) {
    Tensor x = rows;
    List<Tensor[]> last = new ArrayList<>();
    for (int layer = 0; layer < numLayers; layer++) {
      Tensor[] sides = new Tensor[directions];
      for (int direction = 0; direction < directions; direction++) {
        int number = layer * directions + direction;
        RecurrentSteps.Weights w = weights.get(number);
        Tensor[] state = states.stream().map(s -> s.select(0, number)).toArray(Tensor[]::new);
        sides[direction] = direction(w.ofInput(x), batches, state, w, direction == 1, last);
      }
      x = directions == 1 ? sides[0] : Tensor.cat(List.of(sides), 1);
      if (layer < numLayers - 1) {
        x = Functional.dropout(x, dropout, isTraining());
      }
    }
    for (int i = 0; i < states.size(); i++) {
      int part = i;
      states.set(i, Tensor.stack(last.stream().map(state -> state[part]).toList(), 0));
    }
    return x;
  }

  /** Returns the outputs of one direction, and adds its last states to a list. */
  private Tensor direction(
      Tensor gates,
      long[] batches,
      Tensor[] first,
      RecurrentSteps.Weights w,
      boolean reverse,
      List<Tensor[]> last) {
    boolean even = batches[batches.length - 1] == batches[0]; // since they never grow
    if (even && !Calls.areRecorded()) { // a recording has operations only
      long[] shape = {batches.length, batches[0], gates.size(1)};
      Tensor[] all = sequence(gates.reshape(shape), first, w, reverse);
      if (all != null) {
        Tensor[] states = all.clone();
        states[0] = all[0].select(0, reverse ? 0 : -1);
        last.add(states);
        return all[0].flatten(0, 1);
      }
    }
    List<Tensor> parts = gates.split(batches, 0);
    Tensor[] outputs = new Tensor[batches.length];
    last.add(
        reverse
            ? backwards(parts, batches, first, w, outputs)
            : forwards(parts, batches, first, w, outputs));
    return Tensor.cat(List.of(outputs), 0);
  }

  private Tensor[] forwards(
      List<Tensor> gates,
      long[] batches,
      Tensor[] first,
      RecurrentSteps.Weights w,
      Tensor... outputs) {
    Tensor[] state = first;
    List<Tensor[]> ended = new ArrayList<>();
    for (int t = 0; t < batches.length; t++) {
      long rows = state[0].size(0);
      if (rows > batches[t]) {
        ended.add(part(state, batches[t], rows - batches[t]));
        state = part(state, 0, batches[t]);
      }
      state = step(gates.get(t), state, w);
      outputs[t] = state[0];
    }
    ended.add(state);
    Collections.reverse(ended);
    return join(ended);
  }

  private Tensor[] backwards(
      List<Tensor> gates,
      long[] batches,
      Tensor[] first,
      RecurrentSteps.Weights w,
      Tensor... outputs) {
    Tensor[] state = part(first, 0, batches[batches.length - 1]);
    for (int t = batches.length - 1; t >= 0; t--) {
      long rows = state[0].size(0);
      if (rows < batches[t]) {
        state = join(List.of(state, part(first, rows, batches[t] - rows)));
      }
      state = step(gates.get(t), state, w);
      outputs[t] = state[0];
    }
    return state;
  }

  private static Tensor[] part(Tensor[] state, long start, long rows) {
    return Stream.of(state).map(s -> s.narrow(0, start, rows)).toArray(Tensor[]::new);
  }

  private static Tensor[] join(List<Tensor[]> states) {
    if (states.size() == 1) {
      return states.get(0);
    }
    Tensor[] joined = new Tensor[states.get(0).length];
    for (int i = 0; i < joined.length; i++) {
      int part = i;
      joined[i] = Tensor.cat(states.stream().map(state -> state[part]).toList(), 0);
    }
    return joined;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return run(x, null, null).output();
  }

  @Override
  protected String extraRepr() {
    return inputSize
        + ", "
        + hiddenSize
        + (projSize == 0 ? "" : ", proj_size=" + projSize)
        + (numLayers == 1 ? "" : ", num_layers=" + numLayers)
        + (bias ? "" : ", bias=false")
        + (batchFirst ? ", batch_first=true" : "")
        + (dropout == 0 ? "" : ", dropout=" + dropout)
        + (directions == 1 ? "" : ", bidirectional=true");
  }
}
