package dev.bellows.nn.layer;

import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/**
 * Self-attention, attention to an encoder's output and two linear layers, each with dropout, a sum
 * with its input and a layer norm, as in {@link TransformerEncoderLayer}.
 *
 * <p>tgt [t, n, dModel] and memory [s, n, dModel], with n first if batch-first, without n if
 * unbatched → the shape of tgt. Up to four more inputs may follow, each null for none: the masks of
 * tgt [t, t] and of memory [t, s], and the padding masks of tgt [n, t] and of memory [n, s], as of
 * {@link MultiheadAttention}. Defaults: see {@link TransformerOptions}. Source: PyTorch's {@code
 * torch.nn.TransformerDecoderLayer}.
 */
public final class TransformerDecoderLayer extends Module {
  private static final int INPUTS = 6;

  private final boolean normFirst;
  private final UnaryOperator<Tensor> activation;
  private final transient MultiheadAttention selfAttn;
  private final transient MultiheadAttention multiheadAttn;
  private final transient Linear linear1;
  private final transient Dropout dropout;
  private final transient Linear linear2;
  private final transient LayerNorm norm1;
  private final transient LayerNorm norm2;
  private final transient LayerNorm norm3;
  private final transient Dropout dropout1;
  private final transient Dropout dropout2;
  private final transient Dropout dropout3;

  /** Creates a layer with default options. */
  public TransformerDecoderLayer(long dModel, long nhead) {
    this(dModel, nhead, options());
  }

  /**
   * Creates a layer.
   *
   * @throws IllegalArgumentException if a size is not positive, or nhead does not divide dModel
   */
  public TransformerDecoderLayer(long dModel, long nhead, TransformerOptions options) {
    normFirst = options.normFirst;
    activation = options.activation;
    selfAttn = register("self_attn", options.attention(dModel, nhead));
    multiheadAttn = register("multihead_attn", options.attention(dModel, nhead));
    linear1 = register("linear1", options.linear(dModel, options.dimFeedforward));
    dropout = register("dropout", new Dropout(options.dropout));
    linear2 = register("linear2", options.linear(options.dimFeedforward, dModel));
    norm1 = register("norm1", options.norm(dModel));
    norm2 = register("norm2", options.norm(dModel));
    norm3 = register("norm3", options.norm(dModel));
    dropout1 = register("dropout1", new Dropout(options.dropout));
    dropout2 = register("dropout2", new Dropout(options.dropout));
    dropout3 = register("dropout3", new Dropout(options.dropout));
  }

  /** Returns default options, to be changed and given to the constructor. */
  public static TransformerOptions options() {
    return new TransformerOptions();
  }

  @Override
  protected Tensor forward(Tensor... in) {
    if (in.length < 2 || in.length > INPUTS) {
      return super.forward(in);
    }
    Tensor[] all = Arrays.copyOf(in, INPUTS);
    Tensor tgt = all[0];
    Tensor memory = all[1];
    if (normFirst) {
      Tensor x = tgt.add(attend(norm1.call(tgt), all[4], all[2]));
      x = x.add(attendTo(memory, norm2.call(x), all[5], all[3]));
      return x.add(feed(norm3.call(x)));
    }
    Tensor x = norm1.call(tgt.add(attend(tgt, all[4], all[2])));
    x = norm2.call(x.add(attendTo(memory, x, all[5], all[3])));
    return norm3.call(x.add(feed(x)));
  }

  private Tensor attend(Tensor x, Tensor padding, Tensor mask) {
    return dropout1.call(selfAttn.call(x, x, x, padding, mask));
  }

  private Tensor attendTo(Tensor memory, Tensor x, Tensor padding, Tensor mask) {
    return dropout2.call(multiheadAttn.call(x, memory, memory, padding, mask));
  }

  private Tensor feed(Tensor x) {
    Tensor wide = dropout.call(activation.apply(linear1.call(x)));
    return dropout3.call(linear2.call(wide));
  }
}
