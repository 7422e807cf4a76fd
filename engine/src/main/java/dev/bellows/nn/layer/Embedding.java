package dev.bellows.nn.layer;

import static dev.bellows.errors.Messages.message;

import dev.bellows.nn.EmbeddingArgs;
import dev.bellows.nn.Functional;
import dev.bellows.nn.Init;
import dev.bellows.nn.Module;
import dev.bellows.nn.Parameter;
import dev.bellows.tensor.Tensor;

/**
 * Returns learned rows by number: x [..] of an integer type → [.., embeddingDim]. The rows are
 * initialised with the normal distribution, the padding row with 0. Defaults: see {@link
 * EmbeddingArgs}. Source: PyTorch's {@code torch.nn.Embedding}.
 */
public final class Embedding extends Module {
  /** [numEmbeddings, embeddingDim]. */
  public final Parameter weight;

  private final EmbeddingArgs args;

  /** Creates a layer with the default arguments. */
  public Embedding(long numEmbeddings, long embeddingDim) {
    this(numEmbeddings, embeddingDim, EmbeddingArgs.create());
  }

  /** Creates a layer of FLOAT32 with the thread's default generator. */
  public Embedding(long numEmbeddings, long embeddingDim, EmbeddingArgs args) {
    this(numEmbeddings, embeddingDim, args, options());
  }

  /**
   * Creates a layer.
   *
   * @throws IllegalArgumentException if the padding row is not one of the table
   */
  public Embedding(long numEmbeddings, long embeddingDim, EmbeddingArgs args, Options options) {
    this(Tensor.empty(options.dtype(), numEmbeddings, embeddingDim), false, args);
    Init.normal(weight, 0, 1, options.generator());
    if (args.paddingIdx() != null) {
      weight.detach().select(0, args.paddingIdx().intValue()).zero_();
    }
  }

  private Embedding(Tensor table, boolean freeze, EmbeddingArgs args) {
    if (table.dim() != 2) {
      throw new IllegalArgumentException(
          message(
              "Embedding: Embeddings parameter is expected to be 2-dimensional; got %s",
              table.shape()));
    }
    Long padding = args.paddingIdx();
    if (padding != null && (padding < -table.size(0) || padding >= table.size(0))) {
      throw new IllegalArgumentException(
          message(
              "Embedding: Padding_idx must be within num_embeddings; got %s for %s rows",
              padding, table.size(0)));
    }
    this.weight = Parameter.of(table, !freeze);
    this.args = args;
  }

  /** Returns a layer of given rows [numEmbeddings, embeddingDim], which are not trained. */
  public static Embedding fromPretrained(Tensor embeddings) {
    return fromPretrained(embeddings, true, EmbeddingArgs.create());
  }

  /**
   * Returns a layer of given rows.
   *
   * @param embeddings [numEmbeddings, embeddingDim], whose memory is shared
   * @param freeze whether they are not trained; default true
   */
  public static Embedding fromPretrained(Tensor embeddings, boolean freeze, EmbeddingArgs args) {
    return new Embedding(embeddings, freeze, args);
  }

  /** Returns the default options, which the caller may change one by one. */
  public static Options options() {
    return new Options();
  }

  @Override
  protected Tensor forward(Tensor x) {
    return Functional.embedding(x, weight, args);
  }

  @Override
  protected String extraRepr() {
    String text = weight.size(0) + ", " + weight.size(1);
    if (args.paddingIdx() != null) {
      text += ", padding_idx=" + args.paddingIdx();
    }
    if (args.maxNorm() != null) {
      text += ", max_norm=" + args.maxNorm();
    }
    return args.scaleGradByFreq() ? text + ", scale_grad_by_freq=true" : text;
  }

  /** Options; defaults: FLOAT32, the thread's default generator. */
  public static final class Options extends LayerOptions<Options> {
    private Options() {}
  }
}
