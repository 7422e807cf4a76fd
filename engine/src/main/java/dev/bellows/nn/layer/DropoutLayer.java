package dev.bellows.nn.layer;

import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;

/** Probability and generator of the forms of dropout. */
abstract class DropoutLayer extends Module {
  private final double p;
  private final Generator generator;

  DropoutLayer(double p, Generator generator) {
    Functional.checkDropout(p);
    this.p = p;
    this.generator = generator;
  }

  abstract Tensor drop(Tensor x, double probability, Generator source);

  @Override
  protected final Tensor forward(Tensor x) {
    return drop(x, p, generator == null ? Generator.current() : generator);
  }

  @Override
  protected final String extraRepr() {
    return "p=" + p + ", inplace=false";
  }
}
