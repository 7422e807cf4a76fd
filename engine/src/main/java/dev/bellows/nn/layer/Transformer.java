package dev.bellows.nn.layer;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.nn.Init;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/**
 * An encoder and a decoder that attends to its output. src [s, n, dModel] and tgt [t, n, dModel],
 * with n first if batch-first, without n if unbatched → the shape of tgt. Up to six more inputs may
 * follow, each null for none: the masks of src [s, s], tgt [t, t] and memory [t, s], and the
 * padding masks of src [n, s], tgt [n, t] and memory [n, s], as of {@link MultiheadAttention}. All
 * weights of two dimensions are initialised by {@link Init#xavierUniform}. Defaults: see {@link
 * TransformerOptions}. Source: PyTorch's {@code torch.nn.Transformer}.
 */
public final class Transformer extends Module {
  private static final int INPUTS = 8;

  /** The encoder. */
  public final TransformerEncoder encoder;

  /** The decoder. */
  public final TransformerDecoder decoder;

  private final long dModel;
  private final boolean batchFirst;

  /** Creates a transformer with default options: 6 layers each. */
  public Transformer(long dModel, long nhead) {
    this(dModel, nhead, options());
  }

  /**
   * Creates a transformer.
   *
   * @throws IllegalArgumentException if a size is not positive, or nhead does not divide dModel
   */
  public Transformer(long dModel, long nhead, TransformerOptions options) {
    this.dModel = dModel;
    this.batchFirst = options.batchFirst;
    encoder =
        new TransformerEncoder(
            new TransformerEncoderLayer(dModel, nhead, options),
            options.numEncoderLayers,
            options.norm(dModel));
    decoder =
        new TransformerDecoder(
            new TransformerDecoderLayer(dModel, nhead, options),
            options.numDecoderLayers,
            options.norm(dModel));
    parameters().stream()
        .filter(p -> p.dim() > 1)
        .forEach(p -> Init.xavierUniform(p, 1, options.generator()));
  }

  /** Returns default options, to be changed and given to the constructor. */
  public static TransformerOptions options() {
    return new TransformerOptions();
  }

  /** Returns a mask [size, size] to be added to scores: −∞ for later positions, 0 for others. */
  public static Tensor generateSquareSubsequentMask(long size) {
    return Tensor.full(Double.NEGATIVE_INFINITY, DType.FLOAT32, size, size).triu(1);
  }

  @Override
  protected Tensor forward(Tensor... in) {
    if (in.length < 2 || in.length > INPUTS) {
      return super.forward(in);
    }
    Tensor[] all = Arrays.copyOf(in, INPUTS);
    check(all[0], all[1]);
    Tensor memory = encoder.call(all[0], all[2], all[5]);
    return decoder.call(all[1], memory, all[3], all[4], all[6], all[7]);
  }

  private void check(Tensor src, Tensor tgt) {
    int batch = batchFirst ? 0 : 1;
    boolean batched = src.dim() == 3 && tgt.dim() == 3;
    if (batched && src.size(batch) != tgt.size(batch)) {
      throw new IllegalArgumentException(
          message(
              "the batch number of src and tgt must be equal; got %s, %s",
              src.size(batch), tgt.size(batch)));
    }
    if (src.size(-1) != dModel || tgt.size(-1) != dModel) {
      throw new IllegalArgumentException(
          message(
              "the feature number of src and tgt must be equal to d_model; got %s and %s for %s",
              src.size(-1), tgt.size(-1), dModel));
    }
  }
}
