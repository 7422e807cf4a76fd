package dev.bellows.nn.layer;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Generator;
import java.util.Objects;

/**
 * Holds the options that all layers with parameters share: their type and where their initial
 * values come from. Each method of a subclass changes one option and returns the options. Defaults:
 * FLOAT32, the thread's default generator.
 *
 * @param <O> the subclass
 */
public abstract class LayerOptions<O extends LayerOptions<O>> {
  private DType dtype = DType.FLOAT32;
  private Generator generator;

  /** Creates options with all defaults. */
  protected LayerOptions() {}

  /** Returns these options as their own type. */
  @SuppressWarnings("unchecked")
  protected final O self() {
    return (O) this;
  }

  /** Sets the type of the parameters, which must be a floating-point type. */
  public final O dtype(DType type) {
    dtype = Objects.requireNonNull(type, "dtype");
    return self();
  }

  /** Sets the generator that draws the initial values; null means the thread's default. */
  public final O generator(Generator source) {
    generator = source;
    return self();
  }

  /** Returns the type of the parameters. */
  public final DType dtype() {
    return dtype;
  }

  /** Returns the generator that draws the initial values: the given one or the thread's default. */
  public final Generator generator() {
    return generator == null ? Generator.current() : generator;
  }
}
