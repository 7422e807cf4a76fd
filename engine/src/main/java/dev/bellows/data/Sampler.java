package dev.bellows.data;

import dev.bellows.tensor.Generator;
import java.util.PrimitiveIterator;

/**
 * An order of samples. Samplers hold no state: each pass takes its random numbers from the
 * generator that it is given, so that a pass can be repeated. In a training job the train loop
 * decides the order of samples and deals them out to executors; samplers are for loops of the
 * user's own.
 */
public interface Sampler {
  /** Returns the number of indices in a pass. */
  long size();

  /** Returns the indices of one pass, in order. */
  PrimitiveIterator.OfLong indices(Generator generator);
}
