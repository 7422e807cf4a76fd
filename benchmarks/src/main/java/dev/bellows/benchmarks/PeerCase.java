package dev.bellows.benchmarks;

import static org.bytedeco.pytorch.global.torch.cross_entropy_loss;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;

/** A case on libtorch, through the Java bindings that users have. */
final class PeerCase implements StepCase {
  private final Network network;
  private final PeerNetworks model;
  private final Optimizer optimizer;
  private final Tensor[] inputs = new Tensor[Cases.BATCHES];
  private final Tensor[] labels = new Tensor[Cases.BATCHES];
  private int next;
  private double loss;

  PeerCase(String name, boolean channelsLast, Map<String, Weights> weights) {
    torch.set_num_threads(1);
    torch.manual_seed(1);
    network = Cases.network(name);
    Map<String, Tensor> parameters = new LinkedHashMap<>();
    TensorVector list = new TensorVector();
    weights.forEach(
        (key, w) -> {
          Tensor value = formatted(torch.tensor(w.values()).reshape(w.shape()), channelsLast);
          Tensor parameter = value.clone().requires_grad_(true);
          parameters.put(key, parameter);
          list.push_back(parameter);
        });
    model = new PeerNetworks(network, parameters);
    optimizer = optimizer(Cases.optimizer(name), list);
    float[][] images = network.readsTokens ? null : Cases.images(network);
    long[][] tokens = network.readsTokens ? Cases.tokens(network) : null;
    long[][] y = Cases.labels(network);
    for (int i = 0; i < Cases.BATCHES; i++) {
      Tensor flat = network.readsTokens ? torch.tensor(tokens[i]) : torch.tensor(images[i]);
      inputs[i] = formatted(flat.reshape(network.inputShape), channelsLast);
      labels[i] = torch.tensor(y[i]);
    }
  }

  private static Tensor formatted(Tensor x, boolean channelsLast) {
    return channelsLast && x.dim() == 4 ? x.contiguous(MemoryFormat.ChannelsLast) : x;
  }

  private static Optimizer optimizer(String name, TensorVector parameters) {
    switch (name) {
      case "sgd":
        SGDOptions options = new SGDOptions(0.01);
        options.momentum().put(0.9);
        return new SGD(parameters, options);
      case "adam":
        return new Adam(parameters, new AdamOptions(1e-3));
      default:
        return new AdamW(parameters, new AdamWOptions(1e-3));
    }
  }

  @Override
  public void step() {
    int i = next++ % Cases.BATCHES;
    try (PointerScope scope = new PointerScope()) {
      optimizer.zero_grad();
      Tensor logits = model.forward(inputs[i]).view(labels[i].size(0), network.classes);
      Tensor value = cross_entropy_loss(logits, labels[i]);
      value.backward();
      optimizer.step();
      loss = value.item_float();
    }
  }

  @Override
  public double loss() {
    return loss;
  }
}
