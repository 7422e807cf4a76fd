package dev.bellows.data.transform;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import java.util.List;

/**
 * Arithmetic of colours; images are [n, 3, h, w], UINT8 in [0, 255] or floating point in [0, 1].
 */
final class Colours {
  private Colours() {}

  /** Returns the grey image as [n, 1, h, w], in the images' type. */
  static Tensor grey(String name, Tensor batch) {
    if (batch.size(1) != 3) {
      throw new IllegalArgumentException(
          message("%s: images must have 3 channels; got %s", name, batch.shape()));
    }
    Tensor x = real(name, batch);
    Tensor grey =
        x.narrow(1, 0, 1)
            .mul(0.2989)
            .add(x.narrow(1, 1, 1).mul(0.587))
            .add(x.narrow(1, 2, 1).mul(0.114));
    return grey.to(batch.dtype());
  }

  private static Tensor real(String name, Tensor batch) {
    return Images.isBytes(name, batch) ? batch.to(DType.FLOAT32) : batch;
  }

  /** Returns share · images + (1 − share) · others, within the range of the images' type. */
  static Tensor blend(String name, Tensor images, Tensor others, Tensor share) {
    Tensor part = share.to(real(name, images).dtype());
    Tensor mixed = real(name, images).mul(part).add(real(name, others).mul(part.rsub(1)));
    return mixed.clamp(0, Images.isBytes(name, images) ? 255 : 1).to(images.dtype());
  }

  /** Turns the hue of images by a part of the colour circle, [n, 1, 1, 1] in [−0.5, 0.5]. */
  static Tensor turnHue(String name, Tensor images, Tensor turn) {
    boolean bytes = Images.isBytes(name, images);
    Tensor rgb = bytes ? images.to(DType.FLOAT32).div(255) : images;
    Tensor r = rgb.narrow(1, 0, 1);
    Tensor g = rgb.narrow(1, 1, 1);
    Tensor b = rgb.narrow(1, 2, 1);
    Tensor value = rgb.amax(1, true);
    Tensor chroma = value.sub(rgb.amin(1, true));
    Tensor divisor = Tensor.where(chroma.eq(0), Tensor.onesLike(chroma), chroma);
    // in sixths of the circle, counted from the largest colour
    Tensor fromBlue = r.sub(g).div(divisor).add(4);
    Tensor fromGreen = b.sub(r).div(divisor).add(2);
    Tensor fromRed = g.sub(b).div(divisor);
    Tensor hue = Tensor.where(value.eq(r), fromRed, Tensor.where(value.eq(g), fromGreen, fromBlue));
    Tensor turned = hue.add(turn.to(hue.dtype()).mul(6)).add(12);
    // A colour n sixths from red has value − chroma · clamp(min(k, 4 − k), 0, 1), k = n + hue mod
    // 6.
    List<Tensor> colours =
        List.of(5, 3, 1).stream()
            .map(
                n -> {
                  Tensor k = turned.add(n).remainder(6);
                  return value.sub(chroma.mul(k.minimum(k.rsub(4)).clamp(0, 1)));
                })
            .toList();
    Tensor out = Tensor.cat(colours, 1);
    return bytes ? out.mul(255).add(0.5).floor().clamp(0, 255).to(DType.UINT8) : out.clamp(0, 1);
  }
}
