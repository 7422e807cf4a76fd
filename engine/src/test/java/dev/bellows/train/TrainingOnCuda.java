package dev.bellows.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.autograd.GradCheck;
import dev.bellows.backend.Conv2dArgs;
import dev.bellows.backend.Kernels;
import dev.bellows.backend.cuda.DeviceUse;
import dev.bellows.data.BatchSource;
import dev.bellows.data.TensorDataset;
import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.nn.layer.Conv2d;
import dev.bellows.nn.layer.Linear;
import dev.bellows.optim.Adam;
import dev.bellows.optim.Optimizer;
import dev.bellows.optim.SGD;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.PoolUse;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whole models on a CUDA device: trained as on the CPU from the same seed, in halves, for many
 * steps. The same code runs small on an emulated device and full size on a real one.
 */
abstract class TrainingOnCuda {
  /** Relative, of losses and of the 2-norm of each parameter, after all steps. */
  private static final double NEAR = 1e-3;

  /** Of losses and gradients in halves, in units of the type's precision. */
  private static final double ROUNDINGS = 8;

  private static final long SEED = Long.getLong("test.seed", 11);
  private static final Device CUDA = Device.cuda(0);

  /**
   * How large all is.
   *
   * @param side of the images
   * @param hidden features of the layer in the middle
   * @param channels of the first convolution; the second has twice as many
   * @param steps that are compared with the CPU's
   * @param settled steps after which nothing may grow any more
   * @param many steps in all of a long run
   */
  record Size(int side, int hidden, int channels, int batch, int steps, int settled, int many) {
    int pixels() {
      return side * side;
    }
  }

  abstract Size size();

  /** The kernels that the device has. */
  abstract Kernels kernels();

  // ---- models

  private static final class Mlp extends Module {
    final Linear fc1;
    final Linear fc2;

    Mlp(Size size, DType type) {
      Generator random = new Generator(SEED);
      fc1 = new Linear(size.pixels(), size.hidden, true, type, random);
      fc2 = new Linear(size.hidden, 10, true, type, random);
    }

    @Override
    protected Tensor forward(Tensor x) {
      return fc2.call(fc1.call(x.flatten(1)).relu());
    }
  }

  private static final class LeNet extends Module {
    final Conv2d conv1;
    final Conv2d conv2;
    final Linear fc1;
    final Linear fc2;

    LeNet(Size size) {
      Generator random = new Generator(SEED);
      int side = (size.side - 4) / 2;
      conv1 = new Conv2d(1, size.channels, 3, Conv2d.options().generator(random));
      conv2 = new Conv2d(size.channels, 2 * size.channels, 3, Conv2d.options().generator(random));
      long flat = 2L * size.channels * side * side;
      fc1 = new Linear(flat, size.hidden, true, DType.FLOAT32, random);
      fc2 = new Linear(size.hidden, 10, true, DType.FLOAT32, random);
    }

    @Override
    protected Tensor forward(Tensor x) {
      Tensor h = conv2.call(conv1.call(x).relu()).relu();
      h = Functional.dropout(Functional.maxPool2d(h, 2), 0.25, isTraining()).flatten(1);
      return fc2.call(fc1.call(h).relu());
    }
  }

  /** A model to train. */
  enum Model {
    MLP(size -> new Mlp(size, DType.FLOAT32)),
    LENET(LeNet::new);

    private final Function<Size, Module> maker;

    Model(Function<Size, Module> maker) {
      this.maker = maker;
    }
  }

  /** How it is trained. */
  enum Steps {
    SGD(parameters -> new SGD(parameters, 0.05, 0.9)),
    ADAM(parameters -> new Adam(parameters, 1e-3));

    private final Function<List<? extends Tensor>, Optimizer> maker;

    Steps(Function<List<? extends Tensor>, Optimizer> maker) {
      this.maker = maker;
    }
  }

  /** Ten patterns with noise, so that there is something to learn. */
  private static BatchSource images(Size size, int rows) {
    Generator random = new Generator(SEED + 1);
    long[] labels = new long[rows];
    for (int i = 0; i < rows; i++) {
      labels[i] = i * 7L % 10;
    }
    Tensor patterns = Tensor.rand(random, DType.FLOAT32, 10, size.pixels());
    Tensor noise = Tensor.rand(random, DType.FLOAT32, rows, size.pixels());
    Tensor x = patterns.indexSelect(0, Tensor.of(labels)).add(noise).mul(0.5);
    return TensorDataset.of(
        Map.of("x", x.reshape(rows, 1, size.side, size.side), "y", Tensor.of(labels)));
  }

  private TrainLoop<Module> loop(Module model, Optimizer optimizer, boolean graphs, int rows) {
    return TrainLoop.<Module>builder(
            model,
            (net, batch) -> Functional.crossEntropy(net.call(batch.input("x")), batch.input("y")),
            optimizer,
            images(size(), rows))
        .globalBatch(size().batch)
        .seed(SEED)
        .captureGraph(graphs)
        .build();
  }

  // ---- the same as on the CPU

  /** Parameters before and after a run, and the loss of each step. */
  private record Run(List<float[]> start, List<Double> losses, List<float[]> weights) {}

  private static List<float[]> weights(Module model) {
    return model.parameters().stream().map(Tensor::toFloatArray).toList();
  }

  private Run train(Model kind, Steps steps, Device device, boolean graphs) {
    Module model = kind.maker.apply(size());
    model.to(device);
    Optimizer optimizer = steps.maker.apply(model.parameters());
    List<float[]> start = weights(model);
    List<Double> losses = new ArrayList<>();
    try (TrainLoop<Module> loop = loop(model, optimizer, graphs, 4 * size().batch)) {
      for (long step = 0; step < size().steps; step++) {
        losses.add(loop.step(step).shardLoss()[0]);
      }
    }
    return new Run(start, losses, weights(model));
  }

  @ParameterizedTest
  @EnumSource
  void trainsAsTheCpuDoes(Model model) {
    for (Steps steps : Steps.values()) {
      Run cpu = train(model, steps, Device.CPU, false);
      Run usual = train(model, steps, CUDA, false);
      String what = model + " " + steps;
      for (int i = 0; i < cpu.losses.size(); i++) {
        double expected = cpu.losses.get(i);
        assertThat(usual.losses.get(i))
            .as("%s: loss of step %s", what, i)
            .isBetween(expected * (1 - NEAR), expected * (1 + NEAR));
      }
      for (int i = 0; i < cpu.weights.size(); i++) {
        assertThat(distance(usual.weights.get(i), cpu.weights.get(i)))
            .as("%s: parameter %s, relative distance", what, i)
            .isLessThan(NEAR);
        assertThat(distance(cpu.weights.get(i), cpu.start.get(i)))
            .as("%s: parameter %s, relative way from the start", what, i)
            .isGreaterThan(10 * NEAR);
      }
      Run graphs = train(model, steps, CUDA, true);
      assertThat(graphs.losses).as("%s: losses with graphs", what).isEqualTo(usual.losses);
      for (int i = 0; i < cpu.weights.size(); i++) {
        assertThat(graphs.weights.get(i))
            .as("%s: parameter %s with graphs", what, i)
            .isEqualTo(usual.weights.get(i));
      }
    }
  }

  /** ‖a − b‖ / ‖b‖. */
  private static double distance(float[] a, float[] b) {
    assertThat(a).hasSameSizeAs(b);
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < a.length; i++) {
      difference += (a[i] - b[i]) * (double) (a[i] - b[i]);
      norm += b[i] * (double) b[i];
    }
    return Math.sqrt(difference / norm);
  }

  // ---- halves

  @ParameterizedTest
  @EnumSource(names = {"BFLOAT16", "FLOAT16"})
  void halvesTrainAsOnTheCpu(DType type) {
    double precision = type == DType.FLOAT16 ? 0x1p-11 : 0x1p-8;
    List<float[]> cpu = gradients(type, Device.CPU);
    List<float[]> device = gradients(type, CUDA);
    for (int i = 0; i < cpu.size(); i++) {
      assertThat(distance(device.get(i), cpu.get(i)))
          .as("%s: %s of loss and gradients, relative distance", type, i)
          .isLessThan(ROUNDINGS * precision);
    }
  }

  /** The loss of the MLP and the gradient of each parameter. */
  private List<float[]> gradients(DType type, Device device) {
    List<float[]> all = new ArrayList<>();
    Module model = new Mlp(size(), type);
    model.to(device);
    try (TensorScope scope = TensorScope.open()) {
      long[] rows = new long[size().batch];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = i;
      }
      var batch = images(size(), rows.length).gather(rows).to(device);
      Tensor logits = model.call(batch.input("x").to(type));
      assertThat(logits.dtype()).isEqualTo(type);
      Tensor loss = Functional.crossEntropy(logits, batch.input("y"));
      loss.backward();
      all.add(loss.to(DType.FLOAT32).reshape(1).toFloatArray());
      for (Tensor parameter : model.parameters()) {
        assertThat(parameter.grad().dtype()).isEqualTo(type);
        all.add(parameter.grad().to(DType.FLOAT32).toFloatArray());
      }
    }
    return all;
  }

  // ---- many steps

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void manyStepsTakeNoMoreMemoryThanSome(boolean graphs) {
    PoolUse.settled(); // else what earlier tests left may be freed between the two readings
    Size size = size();
    Module model = new Mlp(size, DType.FLOAT32);
    model.to(CUDA);
    DeviceUse settled = null;
    // Whole batches, so that all shapes come at once.
    int rows = 5 * size.batch;
    try (TrainLoop<Module> loop = loop(model, new Adam(model.parameters(), 1e-4), graphs, rows)) {
      for (long step = 0; step < size.many; step++) {
        if (step == size.settled) {
          settled = DeviceUse.of(kernels());
        }
        loop.step(step);
      }
      DeviceUse end = DeviceUse.of(kernels());
      assertThat(end.usedBytes()).as("device memory in use").isEqualTo(settled.usedBytes());
      // Blocks wait for copies beside kernels, so how many there are is up to timing; a block lost
      // in each step would be thousands.
      long steps = size.many - size.settled;
      assertThat(end.allocations() - settled.allocations())
          .as("segments asked from the driver after step %s", size.settled)
          .isBetween(0L, steps / 100);
      assertThat(end.pinnedBytes() - settled.pinnedBytes())
          .as("bytes pinned after step %s", size.settled)
          .isBetween(0L, steps / 100 * 4096);
    }
  }

  // ---- gradients

  @Test
  void gradientsAreThoseOfDifferences() {
    Generator random = new Generator(SEED);
    int side = size().side / 2 + 1;
    int pooled = (side - 2) / 2;
    Tensor[] inputs = {
      Tensor.randn(random, DType.FLOAT64, 2, 2, side, side),
      Tensor.randn(random, DType.FLOAT64, 3, 2, 3, 3).mul(0.5),
      Tensor.randn(random, DType.FLOAT64, 3),
      Tensor.randn(random, DType.FLOAT64, 4, 3L * pooled * pooled).mul(0.5),
      Tensor.randn(random, DType.FLOAT64, 4)
    };
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = inputs[i].to(CUDA).setRequiresGrad(true);
    }
    GradCheck.gradCheck(
        "conv2d, maxPool2d, linear, softmax",
        in -> {
          Conv2dArgs args = new Conv2dArgs(1, 1, 0, 0, 1, 1, 1);
          Tensor h = Functional.maxPool2d(Functional.conv2d(in[0], in[1], in[2], args), 2);
          return Functional.linear(h.flatten(1), in[3], in[4]).softmax(1);
        },
        inputs);
  }
}
