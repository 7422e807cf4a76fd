package dev.bellows.nn.layer;

import dev.bellows.nn.EmbeddingBagArgs;
import dev.bellows.nn.Functional;
import dev.bellows.nn.Init;
import dev.bellows.nn.Module;
import dev.bellows.nn.Parameter;
import dev.bellows.tensor.Tensor;
import java.util.Locale;

/**
 * Joins learned rows by bags: x [bags, n], or x of one dimension with the start of each bag, →
 * [bags, embeddingDim]. The rows are initialised with the normal distribution, the padding row with
 * 0. Defaults: see {@link EmbeddingBagArgs}. Source: PyTorch's {@code torch.nn.EmbeddingBag}.
 */
public final class EmbeddingBag extends Module {
  /** [numEmbeddings, embeddingDim]. */
  public final Parameter weight;

  private final EmbeddingBagArgs args;

  /** Creates a layer of means. */
  public EmbeddingBag(long numEmbeddings, long embeddingDim) {
    this(numEmbeddings, embeddingDim, EmbeddingBagArgs.create());
  }

  /** Creates a layer of FLOAT32 with the thread's default generator. */
  public EmbeddingBag(long numEmbeddings, long embeddingDim, EmbeddingBagArgs args) {
    this(numEmbeddings, embeddingDim, args, Embedding.options());
  }

  /** Creates a layer. */
  public EmbeddingBag(
      long numEmbeddings, long embeddingDim, EmbeddingBagArgs args, Embedding.Options options) {
    this.weight = Parameter.of(Tensor.empty(options.dtype(), numEmbeddings, embeddingDim));
    this.args = args;
    Init.normal(weight, 0, 1, options.generator());
    if (args.paddingIdx() != null) {
      weight.detach().select(0, args.paddingIdx().intValue()).zero_();
    }
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Functional.embeddingBag(x, weight, null, args);
  }

  @Override
  protected Tensor forward(Tensor x, Tensor offsets) {
    return Functional.embeddingBag(x, weight, offsets, args);
  }

  @Override
  protected Tensor forward(Tensor x, Tensor offsets, Tensor perSampleWeights) {
    return Functional.embeddingBag(x, weight, offsets, args.perSampleWeights(perSampleWeights));
  }

  @Override
  protected String extraRepr() {
    String text = weight.size(0) + ", " + weight.size(1);
    if (args.maxNorm() != null) {
      text += ", max_norm=" + args.maxNorm();
    }
    if (args.normType() != 2) {
      text += ", norm_type=" + args.normType();
    }
    if (args.scaleGradByFreq()) {
      text += ", scale_grad_by_freq=true";
    }
    text += ", mode='" + args.mode().name().toLowerCase(Locale.ROOT) + "'";
    return args.paddingIdx() == null ? text : text + ", padding_idx=" + args.paddingIdx();
  }
}
