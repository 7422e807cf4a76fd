package dev.bellows.benchmarks;

import static org.bytedeco.pytorch.global.torch.adaptive_avg_pool2d;
import static org.bytedeco.pytorch.global.torch.addmm;
import static org.bytedeco.pytorch.global.torch.conv2d;
import static org.bytedeco.pytorch.global.torch.dropout;
import static org.bytedeco.pytorch.global.torch.embedding;
import static org.bytedeco.pytorch.global.torch.flatten;
import static org.bytedeco.pytorch.global.torch.gelu;
import static org.bytedeco.pytorch.global.torch.layer_norm;
import static org.bytedeco.pytorch.global.torch.linear;
import static org.bytedeco.pytorch.global.torch.max_pool2d;
import static org.bytedeco.pytorch.global.torch.relu;
import static org.bytedeco.pytorch.global.torch.relu_;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** The networks as functions of libtorch, on the parameters of our modules. */
final class PeerNetworks {
  private static final long[] ONE = {1, 1};

  private final Network network;
  private final Map<String, Tensor> parameters;
  private final Map<String, TensorOptional> optional = new LinkedHashMap<>();
  private final TensorOptional none = new TensorOptional();
  private final Map<String, TensorOptional> running = new LinkedHashMap<>();

  PeerNetworks(Network network, Map<String, Tensor> parameters) {
    this.network = network;
    this.parameters = parameters;
    parameters.forEach(
        (name, value) -> {
          optional.put(name, new TensorOptional(value));
          if (name.contains("bn") || name.contains("shortcut.1")) {
            boolean variance = name.endsWith("weight");
            Tensor buffer = variance ? torch.ones(value.size(0)) : torch.zeros(value.size(0));
            running.put(name, new TensorOptional(buffer));
          }
        });
  }

  Tensor forward(Tensor x) {
    return switch (network) {
      case MLP -> dense("fc3", relu(dense("fc2", relu(dense("fc1", x)))));
      case LENET -> lenet(x);
      case RESNET18 -> resnet(x);
      case GPT -> gpt(x);
      case LSTM -> lstm(x);
    };
  }

  private Tensor dense(String name, Tensor x) {
    return linear(x, parameters.get(name + ".weight"), optional.get(name + ".bias"));
  }

  private Tensor lenet(Tensor x) {
    Tensor h = relu(conv("conv1", x, 1, 0));
    h = relu(conv("conv2", h, 1, 0));
    h = flatten(dropout(max_pool2d(h, 2, 2), 0.25, true), 1, -1);
    return dense("fc2", dropout(relu(dense("fc1", h)), 0.5, true));
  }

  private Tensor conv(String name, Tensor x, long stride, long padding) {
    return conv2d(
        x,
        parameters.get(name + ".weight"),
        optional.getOrDefault(name + ".bias", none),
        new long[] {stride, stride},
        new long[] {padding, padding},
        ONE,
        1);
  }

  private Tensor norm(String name, Tensor x) {
    String weight = name + ".weight";
    String bias = name + ".bias";
    return torch.batch_norm(
        x,
        optional.get(weight),
        optional.get(bias),
        running.get(bias),
        running.get(weight),
        true,
        0.1,
        1e-5,
        false);
  }

  private Tensor resnet(Tensor x) {
    Tensor h = relu_(norm("bn1", conv("conv1", x, 1, 1)));
    for (int i = 0; i < 8; i++) {
      String block = "blocks." + i + ".";
      boolean shrinks = parameters.containsKey(block + "shortcut.0.weight");
      Tensor y = relu_(norm(block + "bn1", conv(block + "conv1", h, shrinks ? 2 : 1, 1)));
      y = norm(block + "bn2", conv(block + "conv2", y, 1, 1));
      Tensor added = shrinks ? norm(block + "shortcut.1", conv(block + "shortcut.0", h, 2, 0)) : h;
      h = relu_(y.add_(added));
    }
    return dense("fc", flatten(adaptive_avg_pool2d(h, 1, 1), 1, -1));
  }

  private Tensor gpt(Tensor ids) {
    Tensor words = parameters.get("transformer.wte.weight");
    Tensor x = embedding(words, ids).add(parameters.get("transformer.wpe.weight"));
    for (int i = 0; parameters.containsKey("transformer.h." + i + ".ln_1.weight"); i++) {
      String layer = "transformer.h." + i + ".";
      x = x.add(attention(layer + "attn.", rows(layer + "ln_1", x)));
      Tensor inner = gelu(mapped(layer + "mlp.c_fc", rows(layer + "ln_2", x)), "tanh");
      x = x.add(mapped(layer + "mlp.c_proj", inner));
    }
    return linear(rows("transformer.ln_f", x), words, none);
  }

  private Tensor rows(String name, Tensor x) {
    TensorOptional bias = optional.get(name + ".bias");
    return layer_norm(x, new long[] {x.size(-1)}, optional.get(name + ".weight"), bias, 1e-5, true);
  }

  private Tensor mapped(String name, Tensor x) {
    Tensor weight = parameters.get(name + ".weight");
    Tensor y = addmm(parameters.get(name + ".bias"), x.view(-1, x.size(-1)), weight);
    return y.view(x.size(0), x.size(1), weight.size(1));
  }

  private Tensor attention(String name, Tensor x) {
    long n = x.size(0);
    long t = x.size(1);
    long d = x.size(2);
    TensorVector parts = mapped(name + "c_attn", x).split(d, 2);
    Tensor[] heads = new Tensor[3];
    for (int i = 0; i < 3; i++) {
      heads[i] = parts.get(i).view(n, t, 4, d / 4).transpose(1, 2);
    }
    Tensor y =
        torch.scaled_dot_product_attention(
            heads[0], heads[1], heads[2], none, 0, true, new DoubleOptional(), false);
    return mapped(name + "c_proj", y.transpose(1, 2).reshape(n, t, d));
  }

  private Tensor lstm(Tensor ids) {
    Tensor x = embedding(parameters.get("encoder.weight"), ids);
    Tensor first = torch.zeros(1, x.size(1), x.size(2));
    TensorVector weights = new TensorVector();
    for (String name : new String[] {"weight_ih", "weight_hh", "bias_ih", "bias_hh"}) {
      weights.push_back(parameters.get("rnn." + name + "_l0"));
    }
    Tensor y =
        torch
            .lstm(x, new TensorVector(first, first), weights, true, 1, 0, true, false, false)
            .get0();
    return dense("decoder", y);
  }
}
