package dev.bellows.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.autograd.GradCheck;
import dev.bellows.memory.DType;
import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.nn.PackedSequence;
import dev.bellows.nn.PaddedSequence;
import dev.bellows.nn.layer.GRU;
import dev.bellows.nn.layer.GRUCell;
import dev.bellows.nn.layer.LSTM;
import dev.bellows.nn.layer.LSTMCell;
import dev.bellows.nn.layer.LSTMState;
import dev.bellows.nn.layer.RNN;
import dev.bellows.nn.layer.RNNCell;
import dev.bellows.nn.layer.RecurrentOptions;
import dev.bellows.nn.layer.RecurrentOutput;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Recurrent layers against libtorch's, and what they refuse. */
@Timeout(60)
class RecurrentTest {
  private static final int CASES = 12;

  private record Sizes(long in, long hidden, long steps, long n) {}

  private static Module layer(String kind, Sizes s, RecurrentOptions o) {
    return switch (kind) {
      case "lstm" -> new LSTM(s.in, s.hidden, o);
      case "gru" -> new GRU(s.in, s.hidden, o);
      default -> new RNN(s.in, s.hidden, o.nonlinearity(kind.substring(4)));
    };
  }

  private static <S> List<Tensor> list(Tensor output, RecurrentOutput<S> out) {
    return out.c() == null ? List.of(output, out.h()) : List.of(output, out.h(), out.c());
  }

  private static List<Tensor> call(Module layer, Tensor... x) {
    RecurrentOutput<Tensor> out =
        layer instanceof LSTM lstm
            ? lstm.callWithState(x[0], x[1], x[2])
            : layer instanceof GRU gru
                ? gru.callWithState(x[0], x[1])
                : ((RNN) layer).callWithState(x[0], x[1]);
    return list(out.output(), out);
  }

  private static List<Tensor> callPacked(Module layer, PackedSequence packed, Tensor... x) {
    RecurrentOutput<PackedSequence> out =
        layer instanceof LSTM lstm
            ? lstm.callWithState(packed, x[1], x[2])
            : layer instanceof GRU gru
                ? gru.callWithState(packed, x[1])
                : ((RNN) layer).callWithState(packed, x[1]);
    return list(out.output().data(), out);
  }

  private static Tensor random(Generator g, DType dtype, long... shape) {
    return Tensor.randn(g, DType.FLOAT64, shape).to(dtype);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lstm", "gru", "rnn_tanh", "rnn_relu"})
  void agreesWithLibtorch(String kind) {
    Rng r = new Rng(Long.getLong("test.seed", 5), false);
    Generator g = new Generator(1);
    for (int number = 0; number < CASES; number++) {
      DType dtype = number % 2 == 0 ? DType.FLOAT64 : DType.FLOAT32;
      Sizes s = new Sizes(r.between(1, 4), r.between(2, 4), r.between(1, 4), r.between(1, 3));
      int layers = r.between(1, 3);
      boolean two = r.nextBoolean();
      boolean batchFirst = r.nextBoolean();
      boolean lstm = kind.equals("lstm");
      long proj = lstm && number % 3 == 0 ? 1 : 0;
      RecurrentOptions options =
          LSTM.options().numLayers(layers).bidirectional(two).batchFirst(batchFirst);
      options.bias(r.nextBoolean()).projSize(proj).dtype(dtype).generator(g);
      boolean bias =
          !layer(kind, s, options).stateDict().keys().stream().noneMatch(k -> k.startsWith("bias"));
      Module layer = layer(kind, s, options);
      long sides = two ? 2L * layers : layers;
      long outs = proj > 0 ? proj : s.hidden;
      List<Tensor> in = new ArrayList<>();
      boolean packed = number % 4 == 3;
      long[] lengths = lengths(r, s);
      PackedSequence sequence =
          Functional.packPaddedSequence(random(g, dtype, s.steps, s.n, s.in), lengths);
      in.add(
          packed
              ? sequence.data()
              : random(g, dtype, batchFirst ? s.n : s.steps, batchFirst ? s.steps : s.n, s.in));
      in.add(random(g, dtype, sides, s.n, outs));
      if (lstm) {
        in.add(random(g, dtype, sides, s.n, s.hidden));
      }
      if (packed) {
        in.add(sequence.batchSizes());
      }
      int first = in.size();
      String weights = ModuleOracle.names(first, layer.parameters().size());
      String states = lstm ? "[x1, x2]" : "x1";
      String script =
          Sample.of(
                  "torch.{}(x0, {}{}, [{}], {}, {}, 0.0, True, {}{})",
                  kind,
                  packed ? "x" + (first - 1) + ", " : "",
                  states,
                  weights,
                  bias,
                  layers,
                  two,
                  packed ? "" : batchFirst ? ", True" : ", False")
              .script();
      ModuleOracle.check(
          script,
          layer,
          in,
          x -> packed ? callPacked(layer, sequence.withData(x[0]), x) : call(layer, x));
    }
  }

  private static long[] lengths(Rng r, Sizes s) {
    long[] lengths = new long[(int) s.n];
    long most = s.steps;
    for (int i = 0; i < lengths.length; i++) {
      lengths[i] = i == 0 ? most : r.between(1, (int) lengths[i - 1]);
    }
    return lengths;
  }

  @Test
  void cellsAgreeWithLibtorch() {
    Generator g = new Generator(2);
    for (boolean bias : new boolean[] {true, false}) {
      String none = bias ? "x4, x5" : "None, None";
      GRUCell gru = new GRUCell(3, 4, GRUCell.options().bias(bias).dtype(DType.FLOAT64));
      List<Tensor> in = List.of(random(g, DType.FLOAT64, 2, 3), random(g, DType.FLOAT64, 2, 4));
      ModuleOracle.check(
          "torch.gru_cell(x0, x1, x2, x3, " + none + ")",
          gru,
          in,
          x -> List.of(gru.call(x[0], x[1])));
      for (String kind : List.of("tanh", "relu")) {
        RNNCell rnn =
            new RNNCell(3, 4, RNNCell.options().bias(bias).nonlinearity(kind).dtype(DType.FLOAT64));
        ModuleOracle.check(
            "torch.rnn_" + kind + "_cell(x0, x1, x2, x3, " + none + ")",
            rnn,
            in,
            x -> List.of(rnn.call(x[0], x[1])));
      }
      LSTMCell lstm = new LSTMCell(3, 4, LSTMCell.options().bias(bias).dtype(DType.FLOAT64));
      String more = bias ? "x5, x6" : "None, None";
      ModuleOracle.check(
          "torch.lstm_cell(x0, [x1, x2], x3, x4, " + more + ")",
          lstm,
          List.of(in.get(0), in.get(1), random(g, DType.FLOAT64, 2, 4)),
          x -> {
            LSTMState state = lstm.callWithState(x[0], x[1], x[2]);
            return List.of(state.h(), state.c());
          });
    }
  }

  @Test
  void gradientsOfGradientsMayShareStates() {
    LSTM lstm = new LSTM(2, 2, LSTM.options().dtype(DType.FLOAT64).bidirectional(true));
    GRU gru = new GRU(2, 2, GRU.options().dtype(DType.FLOAT64).bidirectional(true).bias(false));
    Generator g = new Generator(3);
    Tensor x = random(g, DType.FLOAT64, 3, 2, 2).setRequiresGrad(true);
    Tensor state = random(g, DType.FLOAT64, 2, 2, 2).setRequiresGrad(true);
    GradCheck.gradGradCheck(
        "lstm", in -> lstm.call(in[0], in[1], in[1].mul(in[0].sum())), x, state);
    GradCheck.gradGradCheck("gru", in -> gru.call(in[0], in[1].mul(in[0].sum())), x, state);
  }

  @Test
  void batchesMayBeEmpty() {
    LSTM layer = new LSTM(3, 4);
    Tensor x = Tensor.ones(2, 0, 3).setRequiresGrad(true);
    RecurrentOutput<Tensor> out = layer.callWithState(x);
    assertThat(out.output().shape()).containsExactly(2, 0, 4);
    assertThat(out.c().shape()).containsExactly(1, 0, 4);
    out.output().sum().backward();
    assertThat(x.grad().shape()).containsExactly(2, 0, 3);
    assertThat(layer.getParameter("weight_hh_l0").grad().abs().sum().item()).isZero();
  }

  @Test
  void keysShapesAndPrintingAreLikePyTorchs() {
    LSTM lstm =
        new LSTM(
            3, 4, LSTM.options().numLayers(2).bidirectional(true).projSize(2).batchFirst(true));
    assertThat(lstm.stateDict().keys())
        .startsWith(
            "weight_ih_l0",
            "weight_hh_l0",
            "bias_ih_l0",
            "bias_hh_l0",
            "weight_hr_l0",
            "weight_ih_l0_reverse")
        .hasSize(20);
    assertThat(lstm.getParameter("weight_ih_l1").shape()).containsExactly(16, 4);
    assertThat(lstm.getParameter("weight_hh_l1_reverse").shape()).containsExactly(16, 2);
    assertThat(lstm)
        .hasToString("LSTM(3, 4, proj_size=2, num_layers=2, batch_first=true, bidirectional=true)");
    assertThat(new GRU(3, 4, GRU.options().bias(false)).parameters()).hasSize(2);
    assertThat(new RNNCell(3, 4, RNNCell.options().nonlinearity("relu")))
        .hasToString("RNNCell(3, 4, nonlinearity=relu)");
    assertThat(new LSTMCell(3, 4).stateDict().keys())
        .containsExactly("weight_ih", "weight_hh", "bias_ih", "bias_hh");
    LSTM copy = lstm.deepCopy();
    Tensor x = Tensor.randn(2, 5, 3);
    assertThat(copy.call(x).toFloatArray()).isEqualTo(lstm.call(x).toFloatArray());
    copy.getParameter("weight_hr_l0").close();
    assertThat(lstm.call(x).shape()).containsExactly(2, 5, 4);
  }

  @Test
  void unbatchedAndEmptyBatches() {
    LSTM lstm = new LSTM(3, 4, LSTM.options().batchFirst(true));
    Tensor x = Tensor.randn(5, 3);
    RecurrentOutput<Tensor> one = lstm.callWithState(x);
    assertThat(one.output().shape()).containsExactly(5, 4);
    assertThat(one.h().shape()).containsExactly(1, 4);
    RecurrentOutput<Tensor> batch = lstm.callWithState(x.unsqueeze(0));
    assertThat(one.output().toFloatArray()).isEqualTo(batch.output().toFloatArray());
    RecurrentOutput<Tensor> again = lstm.callWithState(x, one.h(), one.c());
    assertThat(again.c().shape()).containsExactly(1, 4);
    assertThat(lstm.callWithState(Tensor.ones(0, 5, 3)).output().shape()).containsExactly(0, 5, 4);
    assertThat(lstm.call(x, one.h(), one.c()).toFloatArray())
        .isEqualTo(again.output().toFloatArray());
    GRUCell cell = new GRUCell(3, 4);
    assertThat(cell.call(Tensor.ones(3)).shape()).containsExactly(4);
    assertThat(cell.call(Tensor.ones(3), Tensor.zeros(4)).toFloatArray())
        .isEqualTo(cell.call(Tensor.ones(1, 3)).toFloatArray());
  }

  @Test
  void packedSequencesKeepTheUsersOrder() {
    LSTM lstm = new LSTM(2, 3, LSTM.options().bidirectional(true).numLayers(2));
    Tensor x = Tensor.randn(4, 3, 2);
    PackedSequence packed = Functional.packPaddedSequence(x, new long[] {2, 4, 1}, false, false);
    assertThat(packed.batchSizes().toLongArray()).containsExactly(3, 2, 1, 1);
    RecurrentOutput<PackedSequence> out = lstm.callWithState(packed);
    PaddedSequence padded = Functional.padPackedSequence(out.output());
    assertThat(padded.lengths().toLongArray()).containsExactly(2, 4, 1);
    long[] lengths = {2, 4, 1};
    for (int i = 0; i < 3; i++) {
      Tensor alone = x.select(1, i).narrow(0, 0, lengths[i]);
      RecurrentOutput<Tensor> expected = lstm.callWithState(alone);
      close(padded.padded().select(1, i).narrow(0, 0, lengths[i]), expected.output());
      close(out.h().select(1, i), expected.h());
      close(out.c().select(1, i), expected.c());
    }
    List<Tensor> parts = Functional.unpackSequence(packed);
    close(parts.get(2), x.select(1, 2).narrow(0, 0, 1));
    assertThat(Functional.padPackedSequence(packed, true, -1, 5).padded().shape())
        .containsExactly(3, 5, 2);
    PackedSequence same = Functional.packSequence(parts, false);
    close(same.data(), packed.data());
  }

  private static void close(Tensor a, Tensor b) {
    assertThat(a.shape()).isEqualTo(b.shape());
    assertThat(a.sub(b).abs().sum().item()).isLessThan(1e-5);
  }

  @Test
  void wrongArgumentsAreRefused() {
    LSTM lstm = new LSTM(3, 4);
    GRU gru = new GRU(3, 4);
    refused(() -> new LSTM(3, 0), "LSTM: hidden_size must be greater than zero; got 0");
    refused(
        () -> new GRU(3, 4, GRU.options().numLayers(0)), "num_layers must be greater than zero");
    refused(() -> new GRU(3, 4, GRU.options().projSize(2)), "only supported for LSTM");
    refused(() -> new LSTM(3, 4, LSTM.options().projSize(4)), "smaller than hidden_size");
    refused(() -> new LSTM(3, 4, LSTM.options().projSize(-1)), "should be a positive integer");
    refused(() -> new LSTM(3, 4, LSTM.options().dropout(1.5)), "number in range [0, 1]");
    refused(
        () -> new RNN(3, 4, RNN.options().nonlinearity("sin")),
        "RNN: Unknown nonlinearity 'sin'. Select from 'tanh' or 'relu'.");
    refused(
        () -> lstm.call(Tensor.ones(2, 2, 2, 3)),
        "LSTM: Expected input to be 2D or 3D, got 4D instead");
    refused(
        () -> lstm.call(Tensor.ones(2, 2, 5)),
        "input.size(-1) must be equal to input_size. Expected 3, got 5");
    refused(() -> lstm.call(Tensor.ones(0, 2, 3)), "sequence length to be larger than 0");
    Tensor x = Tensor.ones(5, 2, 3);
    refused(
        () -> gru.call(x, Tensor.ones(2, 4)),
        "For batched 3-D input, hx should also be 3-D but got (2-D) tensor");
    refused(
        () -> lstm.call(Tensor.ones(5, 3), Tensor.ones(1, 1, 4), Tensor.ones(1, 1, 4)),
        "For unbatched 2-D input, hx and cx should also be 2-D but got (3-D, 3-D) tensors");
    refused(
        () -> gru.call(x, Tensor.ones(1, 3, 4)), "Expected hidden size [1, 2, 4], got [1, 3, 4]");
    refused(
        () -> lstm.call(x, Tensor.ones(1, 2, 4), Tensor.ones(1, 2, 5)),
        "Expected hidden[1] size [1, 2, 4], got [1, 2, 5]");
    refused(
        () -> new LSTMCell(3, 4).call(Tensor.ones(2, 5)),
        "input has inconsistent input_size: got 5 expected 3");
    refused(
        () -> new GRUCell(3, 4).call(Tensor.ones(2, 3), Tensor.ones(3, 4)),
        "Input batch size 2 doesn't match hidden0 batch size 3");
    refused(
        () -> new GRUCell(3, 4).call(Tensor.ones(2, 3), Tensor.ones(2, 5)),
        "hidden0 has inconsistent hidden_size: got 5, expected 4");
    refused(
        () -> new GRUCell(3, 4).call(Tensor.ones(1, 2, 3)),
        "GRUCell: Expected input to be 1D or 2D, got 3D instead");
    refused(() -> Functional.packPaddedSequence(x, 1, 5), "must be sorted in decreasing order");
    refused(() -> Functional.packPaddedSequence(x, 1), "Expected `len(lengths)` to be equal");
    refused(() -> Functional.packPaddedSequence(x, 6, 1), "must not exceed");
    refused(() -> Functional.packPaddedSequence(x, 5, 0), "has to be greater than 0");
    refused(
        () -> Functional.padPackedSequence(Functional.packPaddedSequence(x, 5, 2), false, 0, 3),
        "got total_length=3 and max sequence length being 5");
  }

  private static void refused(Runnable call, String text) {
    assertThatThrownBy(call::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(text);
  }

  @Test
  void hooksSeeTheStates() {
    GRU gru = new GRU(3, 4);
    List<Integer> seen = new ArrayList<>();
    gru.registerForwardHook((m, in, out) -> out.mul(0));
    gru.registerForwardPreHook(
        (m, in) -> {
          seen.add(in.length);
          return null;
        });
    Tensor out = gru.callWithState(Tensor.ones(2, 1, 3)).output();
    assertThat(out.abs().sum().item()).isZero();
    gru.call(Tensor.ones(2, 1, 3));
    assertThat(seen).isEqualTo(Arrays.asList(3, 1));
  }
}
