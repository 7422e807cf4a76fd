package dev.bellows.data.transform;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;

/**
 * Changes brightness, contrast, saturation and hue by random factors of each image, in an order
 * that is drawn for the batch. Source: torchvision's {@code ColorJitter}.
 */
public final class ColorJitter implements Transform {
  private static final long serialVersionUID = 1L;
  private static final String NAME = "ColorJitter";
  private static final int KINDS = 4;

  private final double brightness;
  private final double contrast;
  private final double saturation;
  private final double hue;

  /**
   * Creates a transform.
   *
   * @param brightness factors are uniform in [max(0, 1 − brightness), 1 + brightness]
   * @param contrast likewise
   * @param saturation likewise
   * @param hue the hue is turned by up to this part of the colour circle, at most 0.5
   * @throws IllegalArgumentException if a number is negative, or hue is more than 0.5
   */
  public ColorJitter(double brightness, double contrast, double saturation, double hue) {
    if (!(brightness >= 0 && contrast >= 0 && saturation >= 0 && hue >= 0 && hue <= 0.5)) {
      throw new IllegalArgumentException(
          message(
              "ColorJitter: numbers must not be negative, hue at most 0.5; got brightness %s,"
                  + " contrast %s, saturation %s, hue %s",
              brightness, contrast, saturation, hue));
    }
    this.brightness = brightness;
    this.contrast = contrast;
    this.saturation = saturation;
    this.hue = hue;
  }

  @Override
  public Tensor apply(Tensor images, Generator generator) {
    return Images.batched(NAME, images, batch -> jitter(batch, generator));
  }

  private Tensor jitter(Tensor batch, Generator generator) {
    Tensor[] shares = new Tensor[KINDS];
    for (int kind = 0; kind < KINDS; kind++) {
      shares[kind] = Images.uniform(batch, generator).view(-1, 1, 1, 1);
    }
    Tensor out = batch;
    for (long kind : Tensor.randperm(generator, KINDS).toLongArray()) {
      out = changed(out, (int) kind, shares[(int) kind]);
    }
    return out;
  }

  private Tensor changed(Tensor x, int kind, Tensor share) {
    if (kind == 0 && brightness > 0) {
      return Colours.blend(NAME, x, Tensor.zerosLike(x), factor(share, brightness));
    } else if (kind == 1 && contrast > 0) {
      Tensor grey = Colours.grey(NAME, x).to(x.dtype() == DType.UINT8 ? DType.FLOAT32 : x.dtype());
      Tensor mean = grey.mean(new int[] {1, 2, 3}, true);
      return Colours.blend(NAME, x, mean, factor(share, contrast));
    } else if (kind == 2 && saturation > 0) {
      return Colours.blend(NAME, x, Colours.grey(NAME, x), factor(share, saturation));
    } else if (kind == 3 && hue > 0) {
      return Colours.turnHue(NAME, x, share.mul(2 * hue).sub(hue));
    }
    return x;
  }

  private static Tensor factor(Tensor share, double spread) {
    double least = Math.max(0, 1 - spread);
    return share.mul(1 + spread - least).add(least);
  }

  @Override
  public String toString() {
    return message(
        "ColorJitter(brightness=%s, contrast=%s, saturation=%s, hue=%s)",
        brightness, contrast, saturation, hue);
  }
}
