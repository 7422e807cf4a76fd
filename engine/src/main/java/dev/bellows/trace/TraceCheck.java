package dev.bellows.trace;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.GradMode;
import dev.bellows.memory.DType;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Compares a traced module with the model, as PyTorch's {@code check_trace} does. */
final class TraceCheck {
  private TraceCheck() {}

  /**
   * Runs both again.
   *
   * @param before what buffers and random numbers were when the trace was recorded
   * @param expected the result then
   */
  @SuppressWarnings("try")
  static void run(
      Module model,
      TracedModule traced,
      TraceOptions options,
      Trace.Snapshot before,
      Tensor expected,
      Map<String, Tensor> state,
      Tensor... examples) {
    try (GradMode mode = GradMode.noGrad()) {
      before.restore();
      double tolerance = options.checkTolerance();
      compare(
          "the examples", expected.detach(), Trace.call(traced, Trace.copies(examples)), tolerance);
      Tracer again = new Tracer();
      Tensor second = Trace.record(again, model, state, examples);
      List<TracedCall> repeated = again.graph(Trace.inputs(examples.length), second).calls();
      if (!operations(repeated).equals(operations(traced.calls()))) {
        Trace.warn(
            traced,
            "the model called other operations when it was run again; the trace keeps the first"
                + " run's");
      } else if (differs(expected.detach(), second, tolerance)) {
        Trace.warn(
            traced,
            message(
                "results differ between runs of the model; random operations: %s. Trace it in"
                    + " evaluation mode",
                traced.calls().stream()
                    .filter(TracedCall::isRandom)
                    .map(TracedCall::name)
                    .toList()));
      }
      for (Tensor[] inputs : options.checkInputs()) {
        Trace.Snapshot here = new Trace.Snapshot(model);
        Tensor wanted = Trace.call(model, Trace.copies(inputs));
        here.restore();
        compare("further inputs", wanted, Trace.call(traced, Trace.copies(inputs)), tolerance);
      }
    }
  }

  private static List<String> operations(List<TracedCall> calls) {
    List<String> operations = new ArrayList<>();
    calls.forEach(call -> operations.add(call.operation()));
    return operations;
  }

  private static void compare(String what, Tensor expected, Tensor got, double tolerance) {
    if (differs(expected, got, tolerance)) {
      throw new IllegalStateException(
          message(
              "Trace.of: Tracing failed sanity checks: the graph must give the model's result for"
                  + " %s, within %s; got %s%s for %s%s",
              what, tolerance, got.dtype(), got.shape(), expected.dtype(), expected.shape()));
    }
  }

  private static boolean differs(Tensor expected, Tensor got, double tolerance) {
    if (expected.dtype() != got.dtype() || !Arrays.equals(expected.shape(), got.shape())) {
      return true;
    }
    Tensor a = expected.to(DType.FLOAT64);
    Tensor b = got.detach().to(DType.FLOAT64);
    return !a.isclose(b, tolerance, tolerance, true).all().itemBoolean();
  }
}
