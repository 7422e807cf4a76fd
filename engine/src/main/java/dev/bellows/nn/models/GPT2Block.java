package dev.bellows.nn.models;

import dev.bellows.nn.AttentionOptions;
import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.nn.layer.Dropout;
import dev.bellows.nn.layer.LayerNorm;
import dev.bellows.tensor.Tensor;
import java.util.List;

/** One layer of GPT-2: attention and a perceptron, each after a normalisation and added. */
final class GPT2Block extends Module {
  private final transient LayerNorm norm1;
  private final transient Attention attention;
  private final transient LayerNorm norm2;
  private final transient Perceptron perceptron;

  GPT2Block(GPT2Config config, int layer) {
    norm1 = register("ln_1", norm(config));
    attention = register("attn", new Attention(config, layer));
    norm2 = register("ln_2", norm(config));
    perceptron = register("mlp", new Perceptron(config));
  }

  static LayerNorm norm(GPT2Config config) {
    return new LayerNorm(
        new long[] {config.nEmbd},
        LayerNorm.options().eps(config.layerNormEpsilon).dtype(config.dtype()));
  }

  /** Takes x [n, t, d] and a BOOL mask [n, 1, t, t] of what is attended to, or null if causal. */
  @Override
  protected Tensor forward(Tensor x, Tensor mask) {
    return withPerceptron(x.add(attention.call(norm1.call(x), mask)));
  }

  /** Takes the tokens x [n, t, d] that follow those of a cache, and adds them to it. */
  Tensor next(Tensor x, KeyValueCache.Layer cache) {
    return callWithHooks(x, in -> withPerceptron(in.add(attention.next(norm1.call(in), cache))));
  }

  private Tensor withPerceptron(Tensor y) {
    return y.add(perceptron.call(norm2.call(y)));
  }

  /** Attention of each position to those before it and itself. */
  static final class Attention extends Module {
    final transient Conv1D output;
    private final transient Conv1D projection;
    private final transient Dropout residual;
    private final long heads;
    private final double dropout;
    private final double scale;

    Attention(GPT2Config config, int layer) {
      projection = register("c_attn", new Conv1D(3 * config.nEmbd, config.nEmbd, config));
      output = register("c_proj", new Conv1D(config.nEmbd, config.nEmbd, config));
      residual = register("resid_dropout", new Dropout(config.residPdrop));
      heads = config.nHead;
      dropout = config.attnPdrop;
      double ofHead = config.scaleAttnWeights ? Math.sqrt((double) config.nEmbd / heads) : 1;
      scale = 1 / (config.scaleAttnByInverseLayerIdx ? ofHead * (layer + 1) : ofHead);
    }

    @Override
    protected Tensor forward(Tensor x, Tensor mask) {
      List<Tensor> parts = parts(x);
      return attend(x, parts, parts.get(1), parts.get(2), mask, mask == null);
    }

    /** Attends to the tokens of a cache, too, and adds these to it: the first ones, or one. */
    Tensor next(Tensor x, KeyValueCache.Layer cache) {
      return callWithHooks(
          x,
          in -> {
            List<Tensor> parts = parts(in);
            cache.append(parts.get(1), parts.get(2));
            boolean causal = cache.length() == in.size(1); // there was nothing before
            return attend(in, parts, cache.keys(), cache.values(), null, causal);
          });
    }

    /** Returns queries, keys and values, [n, heads, t, d]. */
    private List<Tensor> parts(Tensor x) {
      return projection.call(x).chunk(3, -1).stream()
          .map(part -> TokenInputs.heads(part, heads))
          .toList();
    }

    private Tensor attend(
        Tensor x, List<Tensor> parts, Tensor keys, Tensor values, Tensor mask, boolean causal) {
      AttentionOptions options = new AttentionOptions().scale(scale).mask(mask);
      options.causal(causal).dropout(isTraining() ? dropout : 0);
      Tensor y = Functional.scaledDotProductAttention(parts.get(0), keys, values, options);
      return residual.call(output.call(y.transpose(1, 2).reshape(x.shape())));
    }
  }

  /** Two linear maps with an activation between them. */
  static final class Perceptron extends Module {
    final transient Conv1D output;
    private final transient Conv1D inner;
    private final transient Dropout residual;
    private final String activation;

    Perceptron(GPT2Config config) {
      long size = config.nInner == 0 ? 4 * config.nEmbd : config.nInner;
      inner = register("c_fc", new Conv1D(size, config.nEmbd, config));
      output = register("c_proj", new Conv1D(config.nEmbd, size, config));
      residual = register("dropout", new Dropout(config.residPdrop));
      activation = config.activationFunction;
    }

    @Override
    protected Tensor forward(Tensor x) {
      return residual.call(output.call(HiddenActivations.apply(activation, inner.call(x))));
    }
  }
}
