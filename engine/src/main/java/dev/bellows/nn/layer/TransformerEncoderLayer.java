package dev.bellows.nn.layer;

import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;
import java.util.function.UnaryOperator;

/**
 * Self-attention and two linear layers, each with dropout, a sum with its input and a layer norm: x
 * = norm1(x + attention(x)), norm2(x + linear2(activation(linear1(x)))); norm-first: x = x +
 * attention(norm1(x)), x + linear2(activation(linear1(norm2(x)))).
 *
 * <p>src [t, n, dModel], [n, t, dModel] if batch-first, or [t, dModel] → the same shape. Two more
 * inputs may follow, each null for none: a mask [t, t] or [n · heads, t, t] and a padding mask [n,
 * t] or [t], as of {@link MultiheadAttention}. Defaults: see {@link TransformerOptions}. Source:
 * PyTorch's {@code torch.nn.TransformerEncoderLayer}.
 */
public final class TransformerEncoderLayer extends Module {
  private final boolean normFirst;
  private final UnaryOperator<Tensor> activation;
  private final transient MultiheadAttention selfAttn;
  private final transient Linear linear1;
  private final transient Dropout dropout;
  private final transient Linear linear2;
  private final transient LayerNorm norm1;
  private final transient LayerNorm norm2;
  private final transient Dropout dropout1;
  private final transient Dropout dropout2;

  /** Creates a layer with default options. */
  public TransformerEncoderLayer(long dModel, long nhead) {
    this(dModel, nhead, options());
  }

  /**
   * Creates a layer.
   *
   * @throws IllegalArgumentException if a size is not positive, or nhead does not divide dModel
   */
  public TransformerEncoderLayer(long dModel, long nhead, TransformerOptions options) {
    normFirst = options.normFirst;
    activation = options.activation;
    selfAttn = register("self_attn", options.attention(dModel, nhead));
    linear1 = register("linear1", options.linear(dModel, options.dimFeedforward));
    dropout = register("dropout", new Dropout(options.dropout));
    linear2 = register("linear2", options.linear(options.dimFeedforward, dModel));
    norm1 = register("norm1", options.norm(dModel));
    norm2 = register("norm2", options.norm(dModel));
    dropout1 = register("dropout1", new Dropout(options.dropout));
    dropout2 = register("dropout2", new Dropout(options.dropout));
  }

  /** Returns default options, to be changed and given to the constructor. */
  public static TransformerOptions options() {
    return new TransformerOptions();
  }

  @Override
  protected Tensor forward(Tensor src) {
    return forward(src, null, null);
  }

  @Override
  protected Tensor forward(Tensor src, Tensor mask) {
    return forward(src, mask, null);
  }

  @Override
  protected Tensor forward(Tensor src, Tensor mask, Tensor keyPaddingMask) {
    if (normFirst) {
      Tensor x = src.add(attend(norm1.call(src), mask, keyPaddingMask));
      return x.add(feed(norm2.call(x)));
    }
    Tensor x = norm1.call(src.add(attend(src, mask, keyPaddingMask)));
    return norm2.call(x.add(feed(x)));
  }

  private Tensor attend(Tensor x, Tensor mask, Tensor keyPaddingMask) {
    return dropout1.call(selfAttn.call(x, x, x, keyPaddingMask, mask));
  }

  private Tensor feed(Tensor x) {
    Tensor wide = dropout.call(activation.apply(linear1.call(x)));
    return dropout2.call(linear2.call(wide));
  }
}
