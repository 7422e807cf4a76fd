package org.example;

import static dev.bellows.nn.Functional.crossEntropy;
import static dev.bellows.nn.Functional.mseLoss;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.autograd.GradMode;
import dev.bellows.memory.DType;
import dev.bellows.nn.Buffer;
import dev.bellows.nn.Init;
import dev.bellows.nn.Module;
import dev.bellows.nn.ModuleDict;
import dev.bellows.nn.ModuleList;
import dev.bellows.nn.Parameter;
import dev.bellows.nn.layer.GRU;
import dev.bellows.nn.layer.LSTM;
import dev.bellows.nn.layer.LSTMCell;
import dev.bellows.nn.layer.LSTMState;
import dev.bellows.nn.layer.Linear;
import dev.bellows.nn.layer.MultiheadAttention;
import dev.bellows.nn.layer.ReLU;
import dev.bellows.nn.layer.RecurrentOutput;
import dev.bellows.nn.layer.Sequential;
import dev.bellows.optim.Adam;
import dev.bellows.optim.SGD;
import dev.bellows.tensor.Tensor;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The forms in which PyTorch's tutorials write modules, as a user of the library writes them. */
@Timeout(60)
class ModuleTutorialsTest {
  @BeforeEach
  void seed() {
    Tensor.manualSeed(1);
  }

  /** "What is torch.nn really?": parameters without a layer, stepped by hand. */
  static final class Logistic extends Module {
    final Parameter weights = Parameter.of(Tensor.randn(4, 3).div(Math.sqrt(4)));
    final Parameter bias = Parameter.of(Tensor.zeros(3));

    @Override
    protected Tensor forward(Tensor x) {
      return x.matmul(weights).add(bias);
    }
  }

  @Test
  void parametersAreSteppedByHand() {
    Logistic model = new Logistic();
    Tensor x = Tensor.randn(32, 4);
    Tensor y = x.narrow(1, 0, 3).argmax(1);
    double before = crossEntropy(model.call(x), y).item();
    for (int epoch = 0; epoch < 30; epoch++) {
      crossEntropy(model.call(x), y).backward();
      try (GradMode mode = GradMode.noGrad()) {
        for (Parameter p : model.parameters()) {
          p.sub_(p.grad().mul(0.5));
        }
        model.zeroGrad();
      }
    }
    assertThat(crossEntropy(model.call(x), y).item()).isLessThan(before / 2);
  }

  /** A list of layers, called in any order. */
  static final class Dynamic extends Module {
    final ModuleList linears =
        new ModuleList(IntStream.range(0, 4).mapToObj(i -> new Linear(5, 5)).toList());
    final ModuleDict activations = new ModuleDict(Map.of("relu", new ReLU()));

    @Override
    protected Tensor forward(Tensor x) {
      int i = 0;
      for (Module linear : linears) {
        x = linears.get(i++ / 2).call(x).add(linear.call(x));
      }
      return activations.get("relu").call(x);
    }
  }

  @Test
  void layersAreInitialisedAndCounted() {
    Dynamic net = new Dynamic();
    net.apply(
        m -> {
          if (m instanceof Linear linear) {
            Init.constant(linear.weight, 0.1);
            Init.zeros(linear.bias);
          }
        });
    assertThat(net.parameters().stream().mapToLong(Tensor::numel).sum()).isEqualTo(120);
    assertThat(net.call(Tensor.ones(1, 5)).toFloatArray()).containsOnly(1);
  }

  /** Transfer learning: a frozen body with another head. */
  static final class Backbone extends Module {
    final Sequential features = new Sequential(new Linear(3, 8), new ReLU());
    Linear fc = new Linear(8, 1000);

    @Override
    protected Tensor forward(Tensor x) {
      return fc.call(features.call(x));
    }
  }

  @Test
  void aHeadIsReplacedOnAFrozenBody() {
    Backbone model = new Backbone();
    for (Parameter p : model.parameters()) {
      p.setRequiresGrad(false);
    }
    model.fc = new Linear(8, 2);
    List<Parameter> trained = model.parameters().stream().filter(Tensor::requiresGrad).toList();
    assertThat(trained).containsExactly(model.fc.weight, model.fc.bias);
    SGD optimizer = new SGD(trained, 0.1);
    Tensor before = model.features.get(0).parameters().get(0).clone();
    crossEntropy(model.call(Tensor.ones(2, 3)), Tensor.of(new long[] {0, 1})).backward();
    optimizer.step();
    Map<String, Tensor> seen = new HashMap<>();
    model.features.registerForwardHook(
        (m, in, out) -> {
          seen.put("features", out.detach());
          return null;
        });
    model = model.eval();
    model.call(Tensor.ones(2, 3));
    assertThat(seen.get("features").shape()).containsExactly(2, 8);
    assertThat(model.features.get(0).parameters().get(0).toFloatArray())
        .isEqualTo(before.toFloatArray());
  }

  /** Tied weights, a buffer and a counter in the forward. */
  static final class Tied extends Module {
    final Linear encoder = new Linear(6, 3);
    final Parameter decoderBias = Parameter.of(Tensor.zeros(6));
    final Buffer mean = Buffer.of(Tensor.zeros(6));

    @Override
    protected Tensor forward(Tensor x) {
      if (isTraining()) {
        try (GradMode mode = GradMode.noGrad()) {
          mean.lerp_(x.mean(0, false), 0.1);
        }
      }
      return encoder.call(x.sub(mean)).matmul(encoder.weight).add(decoderBias);
    }
  }

  @Test
  void aTeacherIsADeepCopy() {
    Tied student = new Tied();
    Tied teacher = student.deepCopy();
    teacher.setRequiresGrad(false);
    Adam optimizer = new Adam(student.parameters(), 1e-2);
    Tensor x = Tensor.randn(16, 6);
    double first = 0;
    double last = 0;
    for (int step = 0; step < 20; step++) {
      optimizer.zeroGrad();
      Tensor loss = mseLoss(student.call(x), x);
      loss.backward();
      optimizer.step();
      first = step == 0 ? loss.item() : first;
      last = loss.item();
      try (GradMode mode = GradMode.noGrad()) {
        Iterator<Parameter> source = student.parameters().iterator();
        teacher.parameters().forEach(p -> p.lerp_(source.next(), 0.5));
      }
    }
    assertThat(last).isLessThan(first);
    assertThat(teacher.parameters()).noneMatch(Tensor::requiresGrad);
    assertThat(teacher.encoder.weight.sub(student.encoder.weight).abs().max().item())
        .isLessThan(0.1);
  }

  /** Several outputs are a record. */
  static final class Vae extends Module {
    record Output(Tensor image, Tensor mean, Tensor logVariance) {}

    final Linear encode = new Linear(8, 4);
    final Linear decode = new Linear(2, 8);

    Output reconstruct(Tensor x) {
      return callWithHooks(x, this::forwardAll);
    }

    private Output forwardAll(Tensor x) {
      List<Tensor> code = encode.call(x).chunk(2, 1);
      Tensor z = code.get(1).mul(0.5).exp().mul(Tensor.randn(x.size(0), 2)).add(code.get(0));
      return new Output(decode.call(z), code.get(0), code.get(1));
    }
  }

  @Test
  void aModelReturnsARecord() {
    Vae vae = new Vae();
    Vae.Output out = vae.reconstruct(Tensor.randn(5, 8));
    mseLoss(out.image(), Tensor.zeros(5, 8)).add(out.mean().square().mean()).backward();
    assertThat(vae.parameters()).allMatch(p -> p.grad() != null);
  }

  /** Sequence to sequence with attention, and a tagger with the state carried by hand. */
  static final class Seq2Seq extends Module {
    final GRU encoder = new GRU(3, 8, GRU.options().batchFirst(true));
    final GRU decoder = new GRU(3, 8, GRU.options().batchFirst(true));
    final MultiheadAttention attention =
        new MultiheadAttention(8, 2, MultiheadAttention.options().batchFirst(true));
    final Linear out = new Linear(8, 3);

    @Override
    protected Tensor forward(Tensor source, Tensor target) {
      RecurrentOutput<Tensor> encoded = encoder.callWithState(source);
      Tensor decoded = decoder.call(target, encoded.h());
      return out.call(attention.call(decoded, encoded.output(), encoded.output()));
    }
  }

  @Test
  void sequencesAreLearned() {
    Seq2Seq model = new Seq2Seq();
    Adam optimizer = new Adam(model.parameters(), 1e-2);
    Tensor source = Tensor.randn(4, 5, 3);
    Tensor target = Tensor.randn(4, 6, 3);
    double first = 0;
    double last = 0;
    for (int step = 0; step < 15; step++) {
      Tensor loss = mseLoss(model.call(source, target), target);
      optimizer.zeroGrad();
      loss.backward();
      optimizer.step();
      first = step == 0 ? loss.item() : first;
      last = loss.item();
    }
    assertThat(last).isLessThan(first);

    LSTM lstm = new LSTM(3, 3);
    RecurrentOutput<Tensor> state = lstm.callWithState(source.select(0, 0).narrow(0, 0, 1));
    for (int t = 1; t < 5; t++) {
      state = lstm.callWithState(source.select(0, 0).narrow(0, t, 1), state.h(), state.c());
    }
    Tensor whole = lstm.call(source.select(0, 0));
    assertThat(whole.select(0, 4).sub(state.output().select(0, 0)).abs().max().item())
        .isLessThan(1e-6);
    LSTMCell cell = new LSTMCell(3, 3);
    LSTMState each = cell.callWithState(source.select(1, 0));
    each = cell.callWithState(source.select(1, 1), each.h(), each.c());
    assertThat(each.h().shape()).containsExactly(4, 3);
  }

  @Test
  void aModelIsConvertedAndItsStateLoadedPartly() {
    Backbone model = new Backbone().to(DType.FLOAT64);
    Backbone other = new Backbone();
    var state = model.stateDict();
    state.remove("fc.weight");
    assertThat(other.loadStateDict(state, false).missing()).containsExactly("fc.weight");
    assertThat(other.features.stateDict().get("0.weight").dtype()).isEqualTo(DType.FLOAT32);
    assertThat(model.toString())
        .isEqualTo(
            """
            Backbone(
              (features): Sequential(
                (0): Linear(in_features=3, out_features=8, bias=true)
                (1): ReLU()
              )
              (fc): Linear(in_features=8, out_features=1000, bias=true)
            )""");
  }
}
