package dev.bellows.nn.layer;

import static dev.bellows.errors.Messages.message;

import dev.bellows.nn.MayBeNull;
import dev.bellows.nn.Module;
import dev.bellows.nn.ModuleList;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A stack of decoder layers, which begin as copies of one, and a norm if one is given. Inputs as of
 * {@link TransformerDecoderLayer}. Source: PyTorch's {@code torch.nn.TransformerDecoder}.
 */
public final class TransformerDecoder extends Module {
  private static final int INPUTS = 6;

  /** The layers. */
  public final ModuleList layers = new ModuleList();

  /** The norm of the output, or null. */
  @MayBeNull public final Module norm;

  /** Creates a stack without a norm. */
  public TransformerDecoder(TransformerDecoderLayer layer, int numLayers) {
    this(layer, numLayers, null);
  }

  /**
   * Creates a stack.
   *
   * @param norm what the output goes through, or null
   * @throws IllegalArgumentException if the number of layers is negative
   */
  public TransformerDecoder(TransformerDecoderLayer layer, int numLayers, Module norm) {
    layers.extend(copies("TransformerDecoder", layer, numLayers));
    this.norm = norm;
  }

  /** Returns copies of a layer. */
  static List<Module> copies(String stack, Module layer, int count) {
    if (count < 0) {
      throw new IllegalArgumentException(
          message("%s: num_layers must not be negative; got %s", stack, count));
    }
    List<Module> copies = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      copies.add(layer.deepCopy());
    }
    return copies;
  }

  @Override
  protected Tensor forward(Tensor... in) {
    if (in.length < 2 || in.length > INPUTS) {
      return super.forward(in);
    }
    Tensor[] all = Arrays.copyOf(in, INPUTS);
    Tensor x = all[0];
    for (Module layer : layers) {
      x = layer.call(x, all[1], all[2], all[3], all[4], all[5]);
    }
    return norm == null ? x : norm.call(x);
  }
}
