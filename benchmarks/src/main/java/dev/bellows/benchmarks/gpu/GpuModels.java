package dev.bellows.benchmarks.gpu;

import dev.bellows.data.Batch;
import dev.bellows.data.BatchSource;
import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.nn.layer.Conv2d;
import dev.bellows.nn.layer.Dropout;
import dev.bellows.nn.layer.Linear;
import dev.bellows.optim.Adam;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import dev.bellows.train.TrainLoop;
import java.util.Map;

/**
 * The models of the training cases: mlp side²-h1-h2-10 with ReLU; lenet, PyTorch's MNIST example:
 * two convolutions, pooling, dropout, two linear layers. They use Adam, and the loss is read in
 * each step.
 */
final class GpuModels implements GpuWork {
  private final TrainLoop<Module> loop;
  private long step;
  private double loss = Double.NaN;
  private double first = Double.NaN;

  GpuModels(GpuCase c, Device device) {
    Generator.manualSeed(1);
    Module model = c.kind().equals("mlp") ? new Mlp(c) : new LeNet(c);
    model.to(device);
    this.loop =
        TrainLoop.<Module>builder(
                model,
                (net, batch) ->
                    Functional.crossEntropy(net.call(batch.input("x")), batch.input("y")),
                new Adam(model.parameters(), 1e-3),
                new OneBatch(c, device))
            .globalBatch((int) c.size("batch"))
            .captureGraph(c.graph())
            .build();
  }

  @Override
  public void run() {
    loss = loop.step(step++).shardLoss()[0];
    first = Double.isNaN(first) ? loss : first;
  }

  /**
   * Checks that the model can learn the repeated batch, by further steps if the measured ones were
   * too few.
   */
  @Override
  public void check() {
    for (int more = 0; more < 500 && !(loss < first); more++) {
      run();
    }
    GpuWork.require(loss < first, "loss must fall; got " + first + " to " + loss);
  }

  @Override
  public void close() {
    loop.close();
  }

  /** The same rows for each step, already on the device, so that only the device is measured. */
  private static final class OneBatch implements BatchSource {
    private final Batch batch;

    OneBatch(GpuCase c, Device device) {
      long n = c.size("batch");
      long side = c.size("side");
      Generator random = new Generator(2);
      batch =
          Batch.of(
              Map.of(
                  "x",
                  Tensor.rand(random, DType.FLOAT32, n, 1, side, side).to(device).retain(),
                  "y",
                  Tensor.arange(n).remainder(10).to(device).retain()));
    }

    @Override
    public long rows() {
      return batch.size();
    }

    @Override
    public Batch gather(long[] rowNumbers) {
      return batch;
    }
  }

  private static final class Mlp extends Module {
    final Linear fc1;
    final Linear fc2;
    final Linear fc3;

    Mlp(GpuCase c) {
      fc1 = new Linear(c.size("side") * c.size("side"), c.size("h1"));
      fc2 = new Linear(c.size("h1"), c.size("h2"));
      fc3 = new Linear(c.size("h2"), 10);
    }

    @Override
    protected Tensor forward(Tensor x) {
      return fc3.call(fc2.call(fc1.call(x.flatten(1)).relu()).relu());
    }
  }

  private static final class LeNet extends Module {
    final Conv2d conv1;
    final Conv2d conv2;
    final Dropout dropout1 = new Dropout(0.25);
    final Linear fc1;
    final Dropout dropout2 = new Dropout(0.5);
    final Linear fc2;

    LeNet(GpuCase c) {
      long channels = c.size("channels");
      long pooled = (c.size("side") - 4) / 2;
      conv1 = new Conv2d(1, channels, 3);
      conv2 = new Conv2d(channels, 2 * channels, 3);
      fc1 = new Linear(2 * channels * pooled * pooled, 128);
      fc2 = new Linear(128, 10);
    }

    @Override
    protected Tensor forward(Tensor x) {
      Tensor h = conv2.call(conv1.call(x).relu()).relu();
      h = dropout1.call(Functional.maxPool2d(h, 2)).flatten(1);
      return fc2.call(dropout2.call(fc1.call(h).relu()));
    }
  }
}
