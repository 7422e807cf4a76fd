package dev.bellows.autograd;

import static dev.bellows.errors.Messages.message;

import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Entry points of the backward pass. */
public final class Autograd {
  private Autograd() {}

  /**
   * Adds the gradients of {@code outputs} to {@link Tensor#grad()} of every leaf they depend on.
   *
   * @param outputs tensors to start from
   * @param gradOutputs their gradients, of their shapes and converted to their types; null, or a
   *     null entry, means 1 for a tensor of one element
   * @param retainGraph keep saved tensors, so that backward can run again
   * @param createGraph record the backward pass, for gradients of gradients; implies {@code
   *     retainGraph}
   * @throws IllegalStateException if an output does not require grad, or the graph was freed
   * @throws IllegalArgumentException if a gradient is missing or has another shape than its output
   */
  public static void backward(
      List<Tensor> outputs, List<Tensor> gradOutputs, boolean retainGraph, boolean createGraph) {
    new BackwardPass(retainGraph || createGraph, createGraph)
        .run(edges(outputs), gradients(outputs, gradOutputs));
  }

  /**
   * Adds the gradients of {@code outputs} to {@link Tensor#grad()} of the given tensors only, which
   * need not be leaves. Other gradients are not computed.
   *
   * @param inputs at least one tensor that requires grad
   * @throws IllegalStateException as {@link #backward(List, List, boolean, boolean)}
   * @throws IllegalArgumentException likewise, or if there are no inputs
   */
  public static void backward(
      List<Tensor> outputs,
      List<Tensor> gradOutputs,
      boolean retainGraph,
      boolean createGraph,
      List<Tensor> inputs) {
    checkInputs("backward", inputs);
    BackwardPass pass = new BackwardPass(retainGraph || createGraph, createGraph);
    for (Tensor input : inputs) {
      Edge edge = GraphPosition.edge(input);
      if (edge.node() instanceof AccumulateGrad leaf) {
        pass.accumulate(leaf);
      } else if (!input.retainsGrad()) { // otherwise its retain hook accumulates
        pass.capture(edge, grad -> accumulate(input, grad));
      } else {
        pass.capture(edge, grad -> {});
      }
    }
    pass.run(edges(outputs), gradients(outputs, gradOutputs));
  }

  private static void accumulate(Tensor input, Tensor grad) {
    if (grad != null) {
      GraphPosition.accumulate(input, grad);
      grad.close();
    }
  }

  private static void checkInputs(String operation, List<Tensor> inputs) {
    if (inputs.isEmpty()) {
      throw new IllegalArgumentException(
          "`inputs` argument to `" + operation + "()` cannot be empty.");
    }
    for (int i = 0; i < inputs.size(); i++) {
      if (!inputs.get(i).requiresGrad()) {
        throw new IllegalStateException(
            "One of the differentiated Tensors does not require grad; input " + i);
      }
    }
  }

  /**
   * Works like {@link #grad(List, List, List, boolean, boolean, boolean)} for one scalar output,
   * without keeping the graph.
   */
  public static Tensor[] grad(Tensor output, Tensor... inputs) {
    return grad(List.of(output), List.of(inputs), null, false, false, false);
  }

  /**
   * Computes the gradients of {@code outputs} for {@code inputs} without changing {@code grad()}.
   * Other gradients are not computed.
   *
   * @param allowUnused return null for an input that the outputs do not depend on
   * @return one gradient for each input
   * @throws IllegalStateException as {@link #backward}, or if an input is unused and that is not
   *     allowed
   * @throws IllegalArgumentException as {@link #backward}, or if there are no inputs
   */
  public static Tensor[] grad(
      List<Tensor> outputs,
      List<Tensor> inputs,
      List<Tensor> gradOutputs,
      boolean retainGraph,
      boolean createGraph,
      boolean allowUnused) {
    checkInputs("grad", inputs);
    Tensor[] result = new Tensor[inputs.size()];
    BackwardPass pass = new BackwardPass(retainGraph || createGraph, createGraph);
    for (int i = 0; i < result.length; i++) {
      int index = i;
      pass.capture(GraphPosition.edge(inputs.get(i)), grad -> result[index] = grad);
    }
    pass.run(edges(outputs), gradients(outputs, gradOutputs));
    for (int i = 0; i < result.length; i++) {
      if (result[i] == null && !allowUnused) {
        throw new IllegalStateException(
            message(
                "The differentiated Tensor at index %s appears to not have been used in the graph."
                    + " Set allowUnused=true if this is the desired behavior.",
                i));
      }
    }
    return result;
  }

  private static List<Edge> edges(List<Tensor> outputs) {
    List<Edge> edges = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      if (!outputs.get(i).requiresGrad()) {
        throw new IllegalStateException(
            "element " + i + " of tensors does not require grad and does not have a grad_fn");
      }
      edges.add(GraphPosition.edge(outputs.get(i)));
    }
    return edges;
  }

  private static List<Tensor> gradients(List<Tensor> outputs, List<Tensor> given) {
    List<Tensor> grads = new ArrayList<>();
    if (given != null && given.size() != outputs.size()) {
      throw new IllegalArgumentException(
          message("backward: got %s tensors and %s gradients", outputs.size(), given.size()));
    }
    for (int i = 0; i < outputs.size(); i++) {
      Tensor output = outputs.get(i);
      Tensor grad = given == null ? null : given.get(i);
      if (grad == null) {
        if (output.numel() != 1) {
          throw new IllegalStateException(
              message(
                  "grad can be implicitly created only for scalar outputs; got output of shape %s",
                  output.shape()));
        }
        grad = Tensor.onesLike(output);
      } else if (!Arrays.equals(grad.shape(), output.shape())) {
        throw new IllegalArgumentException(
            message(
                "Mismatch in shape: gradOutputs[%s] has a shape of %s and output[%s] has a shape of"
                    + " %s",
                i, grad.shape(), i, output.shape()));
      }
      if (!grad.device().equals(output.device())) {
        throw new IllegalArgumentException(
            message(
                "Mismatch in device: gradOutputs[%s] is on %s and output[%s] is on %s",
                i, grad.device(), i, output.device()));
      }
      grads.add(grad.to(output.dtype()));
    }
    return grads;
  }
}
