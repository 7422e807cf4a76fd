package dev.bellows.benchmarks;

import static org.bytedeco.pytorch.global.torch.cross_entropy_loss;
import static org.bytedeco.pytorch.global.torch.dropout;
import static org.bytedeco.pytorch.global.torch.flatten;
import static org.bytedeco.pytorch.global.torch.max_pool2d;
import static org.bytedeco.pytorch.global.torch.relu;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;

/** A case on libtorch, through the Java bindings that users have. */
final class PeerCase implements StepCase {
  private final boolean lenet;
  private final boolean channelsLast;
  private final LinearImpl[] linear;
  private final Conv2dImpl[] conv;
  private final Optimizer optimizer;
  private final Tensor[] images = new Tensor[Cases.BATCHES];
  private final Tensor[] labels = new Tensor[Cases.BATCHES];
  private int next;
  private double loss;

  PeerCase(String name, boolean channelsLast) {
    torch.set_num_threads(1);
    torch.manual_seed(1);
    this.lenet = Cases.isLenet(name);
    this.channelsLast = channelsLast;
    if (lenet) {
      conv =
          new Conv2dImpl[] {
            new Conv2dImpl(1, 32, new org.bytedeco.javacpp.LongPointer(3, 3)),
            new Conv2dImpl(32, 64, new org.bytedeco.javacpp.LongPointer(3, 3))
          };
      linear = new LinearImpl[] {new LinearImpl(9216, 128), new LinearImpl(128, 10)};
    } else {
      conv = new Conv2dImpl[0];
      linear =
          new LinearImpl[] {
            new LinearImpl(784, 512), new LinearImpl(512, 256), new LinearImpl(256, 10)
          };
    }
    TensorVector parameters = new TensorVector();
    for (Module module : conv) {
      collect(module, parameters);
    }
    for (Module module : linear) {
      collect(module, parameters);
    }
    optimizer = Cases.isAdam(name) ? adam(parameters) : sgd(parameters);
    float[][] x = Cases.images(name);
    long[][] y = Cases.labels(name);
    int n = Cases.batch(name);
    for (int i = 0; i < Cases.BATCHES; i++) {
      Tensor flat = torch.tensor(x[i]);
      images[i] = lenet ? flat.reshape(n, 1, 28, 28) : flat.reshape(n, 784);
      labels[i] = torch.tensor(y[i]);
    }
  }

  private void collect(Module module, TensorVector into) {
    TensorVector own = module.parameters();
    for (long i = 0; i < own.size(); i++) {
      Tensor parameter = own.get(i);
      if (channelsLast && parameter.dim() == 4) {
        try (PointerScope scope = new PointerScope()) {
          parameter.set_data(parameter.contiguous(MemoryFormat.ChannelsLast));
        }
      }
      into.push_back(parameter);
    }
  }

  private static Optimizer sgd(TensorVector parameters) {
    SGDOptions options = new SGDOptions(0.01);
    options.momentum().put(0.9);
    return new SGD(parameters, options);
  }

  private static Optimizer adam(TensorVector parameters) {
    return new Adam(parameters, new AdamOptions(1e-3));
  }

  @Override
  public void step() {
    int i = next++ % Cases.BATCHES;
    try (PointerScope scope = new PointerScope()) {
      optimizer.zero_grad();
      Tensor value = cross_entropy_loss(forward(images[i]), labels[i]);
      value.backward();
      optimizer.step();
      loss = value.item_float();
    }
  }

  private Tensor forward(Tensor x) {
    if (!lenet) {
      Tensor h = relu(linear[0].forward(x));
      return linear[2].forward(relu(linear[1].forward(h)));
    }
    Tensor h = relu(conv[0].forward(x));
    h = relu(conv[1].forward(h));
    h = flatten(dropout(max_pool2d(h, 2, 2), 0.25, true), 1, -1);
    h = dropout(relu(linear[0].forward(h)), 0.5, true);
    return linear[1].forward(h);
  }

  @Override
  public double loss() {
    return loss;
  }
}
