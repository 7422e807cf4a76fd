package dev.bellows.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.bellows.memory.DType;
import dev.bellows.nn.Module;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/**
 * Compares what a module returns, and the gradients of its inputs and parameters, with a script
 * over the inputs x0, x1, … and then the parameters in their order.
 */
final class ModuleOracle {
  private ModuleOracle() {}

  /**
   * @param inputs those of floating point get gradients
   * @param ours the module's outputs of the inputs, in the script's order
   */
  static void check(
      String script, Module module, List<Tensor> inputs, Function<Tensor[], List<Tensor>> ours) {
    List<Tensor> leaves = new ArrayList<>();
    for (Tensor input : inputs) {
      leaves.add(
          input.dtype().isFloatingPoint()
              ? input.detach().clone().setRequiresGrad(true)
              : input.detach());
    }
    List<Tensor> outputs = ours.apply(leaves.toArray(Tensor[]::new));
    leaves.addAll(module.parameters());
    List<org.bytedeco.pytorch.Tensor> peers = new ArrayList<>();
    for (Tensor leaf : leaves) {
      peers.add(Torch.of(leaf).requires_grad_(leaf.requiresGrad()));
    }
    List<org.bytedeco.pytorch.Tensor> theirs = Script.run(script, peers);
    double allowed = leaves.get(0).dtype() == DType.FLOAT64 ? 1e-10 : 2e-4;
    assertThat(outputs).hasSameSizeAs(theirs);
    org.bytedeco.pytorch.Tensor loss = null;
    Tensor own = null;
    for (int i = 0; i < outputs.size(); i++) {
      assertThat(outputs.get(i).shape()).as(script).isEqualTo(Torch.shape(theirs.get(i)));
      same(script + " output " + i, outputs.get(i), theirs.get(i), allowed);
      org.bytedeco.pytorch.Tensor part = theirs.get(i).sin().sum();
      Tensor ownPart = outputs.get(i).sin().sum();
      loss = loss == null ? part : loss.add(part);
      own = own == null ? ownPart : own.add(ownPart);
    }
    loss.backward();
    module.zeroGrad();
    own.backward();
    for (int i = 0; i < leaves.size(); i++) {
      if (leaves.get(i).requiresGrad()) {
        org.bytedeco.pytorch.Tensor grad = peers.get(i).grad();
        Tensor ownGrad = leaves.get(i).grad();
        String what = script + " gradient of x" + i;
        if (ownGrad == null || !grad.defined()) {
          assertThat(ownGrad == null ? 0 : ownGrad.abs().sum().item()).as(what).isZero();
        } else {
          same(what, ownGrad, grad, allowed);
        }
      }
    }
  }

  private static void same(
      String what, Tensor ours, org.bytedeco.pytorch.Tensor theirs, double allowed) {
    double[] a = ours.toDoubleArray();
    double[] b = Torch.values(theirs);
    double largest = 1;
    for (double value : b) {
      largest = Math.max(largest, Math.abs(value));
    }
    for (int i = 0; i < a.length; i++) {
      if (Double.isNaN(b[i])) {
        assertThat(a[i]).as(what + " at " + i).isNaN();
      } else {
        assertThat(a[i]).as(what + " at " + i).isCloseTo(b[i], within(allowed * largest));
      }
    }
  }

  /** Returns "x3, x4, x5" for (3, 3). */
  static String names(int first, int count) {
    List<String> names = new ArrayList<>(Collections.nCopies(count, ""));
    for (int i = 0; i < count; i++) {
      names.set(i, "x" + (first + i));
    }
    return String.join(", ", names);
  }
}
