package dev.bellows.trace;

import dev.bellows.tensor.Tensor;
import java.util.List;

/**
 * Options of {@link Trace}. Immutable: each method returns options with one of them changed.
 * Source: PyTorch's {@code torch.jit.trace}.
 */
public final class TraceOptions {
  private final boolean checkTrace;
  private final List<Tensor[]> checkInputs;
  private final double checkTolerance;

  /** Creates options with all defaults. */
  public TraceOptions() {
    this(true, List.of(), 1e-5);
  }

  private TraceOptions(boolean checkTrace, List<Tensor[]> checkInputs, double checkTolerance) {
    this.checkTrace = checkTrace;
    this.checkInputs = checkInputs;
    this.checkTolerance = checkTolerance;
  }

  /** Sets whether the graph is run again and compared with the model; default true. */
  public TraceOptions checkTrace(boolean checks) {
    return new TraceOptions(checks, checkInputs, checkTolerance);
  }

  /** Sets further inputs on which graph and model are compared, an array for each call. */
  public TraceOptions checkInputs(List<Tensor[]> inputs) {
    return new TraceOptions(checkTrace, List.copyOf(inputs), checkTolerance);
  }

  /** Sets the relative and absolute tolerance of comparisons; default 1e-5. */
  public TraceOptions checkTolerance(double tolerance) {
    return new TraceOptions(checkTrace, checkInputs, tolerance);
  }

  boolean checksTrace() {
    return checkTrace;
  }

  List<Tensor[]> checkInputs() {
    return checkInputs;
  }

  double checkTolerance() {
    return checkTolerance;
  }
}
