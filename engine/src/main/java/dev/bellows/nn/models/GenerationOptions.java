package dev.bellows.nn.models;

import static dev.bellows.errors.Messages.message;

import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;

/**
 * How a language model chooses the next token. Each method changes one option and returns the
 * options. Default: the most likely token; {@link #temperature}, {@link #topK} or {@link
 * #generator} make it a draw. Source: Hugging Face's {@code GenerationConfig}.
 */
public final class GenerationOptions {
  private boolean sample;
  private double temperature = 1;
  private int topK;
  private Generator generator;
  private boolean useCache = true;

  /** Creates options with all defaults. */
  public GenerationOptions() {}

  /**
   * Draws tokens with probabilities softmax(logits / value).
   *
   * @throws IllegalArgumentException unless the value is positive and finite
   */
  public GenerationOptions temperature(double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          message("temperature: must be positive and finite; got %s", value));
    }
    sample = true;
    temperature = value;
    return this;
  }

  /**
   * Draws from the k most likely tokens; 0 means all.
   *
   * @throws IllegalArgumentException if the count is negative
   */
  public GenerationOptions topK(int count) {
    if (count < 0) {
      throw new IllegalArgumentException(message("topK: must not be negative; got %s", count));
    }
    sample = true;
    topK = count;
    return this;
  }

  /** Draws with the given generator; null means the thread's default. */
  public GenerationOptions generator(Generator source) {
    sample = true;
    generator = source;
    return this;
  }

  /**
   * Sets whether keys and values of earlier tokens are kept, so that a step computes one token
   * instead of all; default true. The logits are the same up to rounding.
   */
  public GenerationOptions useCache(boolean keeps) {
    useCache = keeps;
    return this;
  }

  boolean usesCache() {
    return useCache;
  }

  /** Returns the next tokens [n, 1] for logits [n, vocabSize]. */
  Tensor next(Tensor logits) {
    if (!sample) {
      return logits.argmax(1, true);
    }
    Tensor scores = logits.div(temperature);
    if (topK > 0 && topK < scores.size(1)) {
      Tensor least = scores.topk(topK).values().narrow(1, topK - 1, 1);
      scores = scores.maskedFill(scores.lt(least), Double.NEGATIVE_INFINITY);
    }
    Generator source = generator == null ? Generator.current() : generator;
    return Tensor.multinomial(scores.softmax(-1), 1, true, source);
  }
}
