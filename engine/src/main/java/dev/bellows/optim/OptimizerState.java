package dev.bellows.optim;

import dev.bellows.tensor.Tensor;
import java.util.LinkedHashMap;

/**
 * What an optimizer needs to continue, besides the parameters. Parameters are counted from 0 over
 * all groups.
 *
 * @param tensors {@code state.<parameter>.<name>} → a tensor of the parameter's shape, in order of
 *     parameters
 * @param values {@code optimizer} → its name, {@code group.<group>.size} → its number of
 *     parameters, {@code group.<group>.<option>} and {@code state.<parameter>.step} → a number as
 *     text that reads back to the same bits
 */
public record OptimizerState(
    LinkedHashMap<String, Tensor> tensors, LinkedHashMap<String, String> values) {}
