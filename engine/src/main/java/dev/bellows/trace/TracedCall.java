package dev.bellows.trace;

import java.util.List;
import java.util.regex.Pattern;

/**
 * One call of an operation in a trace.
 *
 * @param operation name and parameter types, as {@code flatten(int,int)} of {@code Tensor} or
 *     {@code nn.relu(Tensor)} of {@code Functional}
 * @param arguments in order, for a method of a tensor that tensor first: a {@link Value}, null, a
 *     number, a boolean, a string (also for a constant of an enum), a list of arguments, or a map
 *     from the names to the values of the fields of an options object
 * @param results names of the tensors that the operation returns
 */
public record TracedCall(String operation, List<Object> arguments, List<String> results) {
  private static final Pattern RANDOM =
      Pattern.compile(
          "rand.*|bernoulli_?|normal_?|uniform_|exponential_|random_|multinomial"
              + "|nn\\.(.*[dD]ropout.*|rrelu_?|gumbelSoftmax|fractionalMaxPool.*)");

  /**
   * A tensor by its name: an input, the key of a parameter or buffer, a constant, or a result.
   *
   * @param name unique within a trace
   */
  public record Value(String name) {}

  /** Returns the operation without its parameter types. */
  public String name() {
    return operation.substring(0, operation.indexOf('('));
  }

  /** Returns whether the operation changes its first argument. */
  boolean changesItsTensor() {
    return name().endsWith("_") || name().equals("set");
  }

  /** Returns whether the operation draws random numbers. */
  boolean isRandom() {
    return RANDOM.matcher(name()).matches();
  }

  @Override
  public String toString() {
    return String.join(", ", results) + " = " + operation + " " + arguments;
  }
}
