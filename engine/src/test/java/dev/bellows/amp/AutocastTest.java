package dev.bellows.amp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.autograd.Checkpoint;
import dev.bellows.autograd.GradMode;
import dev.bellows.backend.FakeDevice;
import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.nn.AttentionOptions;
import dev.bellows.nn.Functional;
import dev.bellows.nn.layer.LSTM;
import dev.bellows.nn.layer.LayerNorm;
import dev.bellows.nn.layer.Linear;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorScope;
import dev.bellows.trace.OperationCall;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Types of results under autocast; those of the CPU's list are torch 2.13's. */
@Timeout(60)
class AutocastTest {
  private static final Map<String, Function<Tensor, Tensor>> LOWER =
      Map.of(
          "matmul", x -> x.matmul(x),
          "mm", x -> x.mm(x),
          "bmm", x -> x.unsqueeze(0).bmm(x.unsqueeze(0)),
          "addmm", x -> x.addmm(x, x),
          "linear", x -> Functional.linear(x, x, null),
          "einsum", x -> Tensor.einsum("ij,jk->ik", x, x),
          "conv1d", x -> Functional.conv1d(x.unsqueeze(0), x.unsqueeze(2), null),
          "prelu", x -> Functional.prelu(x, x.select(0, 0).narrow(0, 0, 1)),
          "attention", x -> Functional.scaledDotProductAttention(x, x, x));

  private static final Map<String, Function<Tensor, Tensor>> WIDER =
      Map.of(
          "mseLoss", x -> Functional.mseLoss(x, x),
          "crossEntropy", x -> Functional.crossEntropy(x, Tensor.of(new long[] {0, 1, 2})),
          "binaryCrossEntropyWithLogits", x -> Functional.binaryCrossEntropyWithLogits(x, x),
          "prod", x -> x.prod(),
          "trace", x -> x.trace(),
          "quantile", x -> x.quantile(0.5));

  private static final Map<String, Function<Tensor, Tensor>> AS_GIVEN =
      Map.of(
          "mv", x -> x.mv(x.select(0, 0)),
          "exp", Tensor::exp,
          "softmax", x -> x.softmax(1),
          "sum", x -> x.sum(),
          "layerNorm", x -> Functional.layerNorm(x, new long[] {3}),
          "gelu", x -> Functional.gelu(x),
          "maxPool1d", x -> Functional.maxPool1d(x, 2),
          "add", x -> x.add(x));

  private static DType run(Function<Tensor, Tensor> f, DType type) {
    Tensor x = Tensor.rand(3, 3).to(type);
    try (Autocast autocast = Autocast.open(Device.CPU)) {
      return f.apply(x).dtype();
    }
  }

  @Test
  void typesOfResultsAreTorchs() {
    LOWER.forEach(
        (name, f) -> {
          assertThat(run(f, DType.FLOAT32)).as(name).isEqualTo(DType.BFLOAT16);
          assertThat(run(f, DType.BFLOAT16)).as(name).isEqualTo(DType.BFLOAT16);
          assertThat(run(f, DType.FLOAT64)).as(name).isEqualTo(DType.FLOAT64);
        });
    WIDER.forEach(
        (name, f) -> {
          assertThat(run(f, DType.FLOAT32)).as(name).isEqualTo(DType.FLOAT32);
          assertThat(run(f, DType.BFLOAT16)).as(name).isEqualTo(DType.FLOAT32);
          assertThat(run(f, DType.FLOAT64)).as(name).isEqualTo(DType.FLOAT64);
        });
    AS_GIVEN.forEach(
        (name, f) -> {
          assertThat(run(f, DType.FLOAT32)).as(name).isEqualTo(DType.FLOAT32);
          assertThat(run(f, DType.BFLOAT16)).as(name).isEqualTo(DType.BFLOAT16);
        });
  }

  @Test
  void concatenationsHaveTheWidestType() {
    Tensor x = Tensor.ones(2);
    Tensor half = x.to(DType.BFLOAT16);
    try (Autocast autocast = Autocast.open(Device.CPU)) {
      assertThat(Tensor.cat(List.of(x, half), 0).dtype()).isEqualTo(DType.FLOAT32);
      assertThat(Tensor.stack(List.of(half, x), 0).dtype()).isEqualTo(DType.FLOAT32);
      assertThat(Tensor.cat(List.of(half, half), 0).dtype()).isEqualTo(DType.BFLOAT16);
      assertThat(Tensor.cat(List.of(half, x.to(DType.FLOAT64)), 0).dtype())
          .isEqualTo(DType.FLOAT64);
      assertThatThrownBy(() -> Tensor.cat(List.of(half, x.to(DType.FLOAT16)), 0))
          .hasMessage("Unexpected floating ScalarType in at::autocast::prioritize");
    }
  }

  @Test
  void valuesAreThoseOfCastArguments() {
    Tensor x = Tensor.randn(4, 5);
    Tensor w = Tensor.randn(3, 5).setRequiresGrad(true);
    Tensor expected = x.to(DType.BFLOAT16).matmul(w.to(DType.BFLOAT16).t());
    Tensor grad = Tensor.randn(4, 3).to(DType.BFLOAT16);
    expected.backward(grad);
    Tensor gradW = w.grad();
    w.setGrad(null);
    Tensor out;
    try (Autocast autocast = Autocast.open(Device.CPU)) {
      out = Functional.linear(x, w, null);
      out.backward(grad); // as good inside as outside
    }
    assertThat(out.toFloatArray()).isEqualTo(expected.toFloatArray());
    assertThat(w.grad().dtype()).isEqualTo(DType.FLOAT32);
    assertThat(w.grad().toFloatArray()).isEqualTo(gradW.toFloatArray());
  }

  @Test
  void masksInOptionsAreCast() {
    Tensor x = Tensor.randn(1, 1, 3, 2);
    AttentionOptions options = new AttentionOptions().mask(Tensor.zeros(3, 3));
    try (Autocast autocast = Autocast.open(Device.CPU)) {
      assertThat(Functional.scaledDotProductAttention(x, x, x, options).dtype())
          .isEqualTo(DType.BFLOAT16);
    }
  }

  @Test
  void regionsNestAndEnd() {
    Tensor x = Tensor.ones(2, 2);
    assertThat(Autocast.isEnabled(Device.CPU)).isFalse();
    try (Autocast outer = Autocast.open(Device.CPU, DType.FLOAT16)) {
      assertThat(x.matmul(x).dtype()).isEqualTo(DType.FLOAT16);
      try (Autocast inner = Autocast.open(Device.CPU, DType.BFLOAT16, false, true)) {
        assertThat(Autocast.isEnabled(Device.CPU)).isFalse();
        assertThat(x.matmul(x).dtype()).isEqualTo(DType.FLOAT32);
        assertThatThrownBy(outer::close)
            .hasMessage("autocast: regions must be closed by their thread, the inner ones first");
        try (Autocast again = Autocast.open(Device.CPU)) {
          assertThat(x.matmul(x).dtype()).isEqualTo(DType.BFLOAT16);
        }
      }
      assertThat(x.matmul(x).dtype()).isEqualTo(DType.FLOAT16);
      try (Autocast unsupported = Autocast.open(Device.CPU, DType.FLOAT64)) {
        assertThat(x.matmul(x).dtype()).isEqualTo(DType.FLOAT32);
      }
    }
    assertThat(x.matmul(x).dtype()).isEqualTo(DType.FLOAT32);
  }

  @Test
  void castsOfParametersAreReusedUntilTheyChange() {
    Tensor w = Tensor.ones(2, 2).setRequiresGrad(true);
    Tensor x = Tensor.ones(2, 2);
    try (Autocast autocast = Autocast.open(Device.CPU)) {
      try (TensorScope scope = TensorScope.open()) {
        assertThat(x.matmul(w).select(0, 0).toFloatArray()).containsExactly(2, 2);
      }
      assertThat(x.matmul(w).select(0, 0).toFloatArray()).containsExactly(2, 2);
      GradMode.noGrad(() -> w.mul_(3));
      assertThat(x.matmul(w).select(0, 0).toFloatArray()).containsExactly(6, 6);
    }
  }

  @Test
  void modelsTrainAndCheckpointsComputeTheSame() {
    Linear linear = new Linear(4, 4);
    LayerNorm norm = new LayerNorm(4);
    LSTM lstm = new LSTM(4, 4);
    Tensor x = Tensor.randn(3, 2, 4);
    try (Autocast autocast = Autocast.open(Device.CPU)) {
      Tensor h = Checkpoint.run(in -> norm.call(linear.call(in)), x.setRequiresGrad(true));
      assertThat(h.dtype()).isEqualTo(DType.BFLOAT16);
      Functional.mseLoss(lstm.call(h), x.detach()).backward();
    }
    assertThat(linear.weight.grad().dtype()).isEqualTo(DType.FLOAT32);
    assertThat(lstm.parameters()).allMatch(p -> p.grad().isfinite().all().item() == 1);
  }

  @Test
  void aDeviceHasItsOwnLists() {
    try (FakeDevice fake = FakeDevice.install(0)) {
      Tensor x = Tensor.rand(3, 3).to(fake.device());
      try (Autocast autocast = Autocast.open(fake.device())) {
        assertThat(x.mv(x.select(0, 0)).dtype()).isEqualTo(DType.FLOAT16);
        Tensor half = x.matmul(x);
        assertThat(half.dtype()).isEqualTo(DType.FLOAT16);
        assertThat(half.exp().dtype()).isEqualTo(DType.FLOAT32);
        assertThat(half.softmax(0).dtype()).isEqualTo(DType.FLOAT32);
        assertThat(half.sum().dtype()).isEqualTo(DType.FLOAT32);
        assertThat(half.addcmul(x, half, 1).dtype()).isEqualTo(DType.FLOAT32);
        assertThatThrownBy(() -> Functional.binaryCrossEntropy(x, x))
            .hasMessageContaining("are unsafe to autocast");
        Tensor onCpu = Tensor.ones(2, 2);
        assertThat(onCpu.matmul(onCpu).dtype()).isEqualTo(DType.FLOAT32);
      }
    }
  }

  @Test
  void allListedOperationsExist() {
    assertThat(CastPolicy.names()).allMatch(OperationCall::exists);
  }
}
