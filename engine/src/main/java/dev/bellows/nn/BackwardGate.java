package dev.bellows.nn;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.Function;
import dev.bellows.autograd.FunctionContext;
import dev.bellows.autograd.GradMode;
import dev.bellows.autograd.GraphPosition;
import dev.bellows.autograd.Node;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the backward hooks of one call of a module. The tensors that enter and those that leave pass
 * through one identity function each: the gradients of all outputs are known when the second one's
 * node runs, and those of all inputs after the first one's has run.
 */
final class BackwardGate {
  private static final String NAME = "BackwardHookFunction";

  private final Module module;
  private final HookList<BackwardPreHook> preHooks;
  private final HookList<BackwardHook> hooks;
  private int inputs;
  private boolean inputsHaveGrad;
  private Tensor[] gradOutputs;

  BackwardGate(Module module, ModuleHooks hooks) {
    this.module = module;
    this.preHooks = hooks.backwardPre;
    this.hooks = hooks.backward;
  }

  /** Returns tensors as they are, as outputs of a node that tells them from other uses. */
  private static final class Identity extends Function {
    @Override
    public String name() {
      return NAME;
    }

    @Override
    protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
      ctx.setMaterializeGrads(false);
      Tensor[] out = new Tensor[in.length];
      for (int i = 0; i < in.length; i++) {
        out[i] = Internals.handle(in[i]);
      }
      return out;
    }

    /** Makes the output a view that refuses changes in place, which would bypass the hooks. */
    @Override
    protected void link(Tensor output, Tensor... in) {
      for (Tensor input : in) {
        if (Internals.array(input) == Internals.array(output)) {
          GraphPosition.linkView(output, input);
          GraphPosition.markMultiView(output, NAME + "Backward");
          return;
        }
      }
    }

    @Override
    protected Tensor[] backward(FunctionContext ctx, Tensor... grads) {
      return grads;
    }
  }

  /** Returns the input whose gradients the hooks will see. */
  <T> T enter(T input) {
    Tensor[] leaves = TensorTree.leaves(input);
    inputs = leaves.length;
    int[] places = differentiable(leaves);
    Node node = pass(leaves, places);
    if (node == null) {
      return input;
    }
    inputsHaveGrad = true;
    node.registerHook((gradInputs, unused) -> after(places, gradInputs));
    return TensorTree.replace(input, leaves);
  }

  /** Returns the output whose gradients the hooks will see. */
  <T> T leave(T output) {
    Tensor[] leaves = TensorTree.leaves(output);
    int[] places = differentiable(leaves);
    Node node = pass(leaves, places);
    if (node == null) {
      return output;
    }
    int outputs = leaves.length;
    node.registerPreHook(grads -> before(places, outputs, grads));
    return TensorTree.replace(output, leaves);
  }

  private static int[] differentiable(Tensor... leaves) {
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < leaves.length; i++) {
      if (leaves[i] != null && leaves[i].requiresGrad()) {
        places.add(i);
      }
    }
    return places.stream().mapToInt(i -> i).toArray();
  }

  /** Replaces the tensors at the given places by the outputs of a node; null if there are none. */
  private static Node pass(Tensor[] leaves, int... places) {
    if (places.length == 0 || !GradMode.isEnabled()) {
      return null;
    }
    Tensor[] out = new Identity().applyAll(at(leaves, places));
    for (int i = 0; i < places.length; i++) {
      leaves[places[i]] = out[i];
    }
    return out[0].gradFn();
  }

  private static Tensor[] at(Tensor[] all, int... places) {
    Tensor[] some = new Tensor[places.length];
    for (int i = 0; i < places.length; i++) {
      some[i] = all[places[i]];
    }
    return some;
  }

  private static Tensor[] spread(Tensor[] some, int[] places, int length) {
    Tensor[] all = new Tensor[length];
    for (int i = 0; i < places.length; i++) {
      all[places[i]] = some[i];
    }
    return all;
  }

  private Tensor[] before(int[] places, int outputs, Tensor... grads) {
    Tensor[] all = spread(grads, places, outputs);
    for (BackwardPreHook hook : preHooks) {
      all = changed("Backward pre hook", "grad_output", all, hook.before(module, all.clone()));
    }
    gradOutputs = all;
    if (!inputsHaveGrad) {
      for (BackwardHook hook : hooks) {
        Tensor[] result = hook.after(module, new Tensor[inputs], all.clone());
        if (result != null && isAny(result)) {
          throw new IllegalStateException(
              message(
                  "Backward hook for Modules where no input requires gradient should always return"
                      + " None or None for all gradients.; at %s",
                  module.label()));
        }
      }
      gradOutputs = null;
    }
    return at(all, places);
  }

  private static boolean isAny(Tensor... result) {
    for (Tensor each : result) {
      if (each != null) {
        return true;
      }
    }
    return false;
  }

  private Tensor[] after(int[] places, Tensor... grads) {
    if (gradOutputs == null) {
      return null; // the gradient did not come through the outputs
    }
    Tensor[] all = spread(grads, places, inputs);
    for (BackwardHook hook : hooks) {
      Tensor[] result = hook.after(module, all.clone(), gradOutputs.clone());
      all = changed("Backward hook", "grad_input", all, result);
    }
    gradOutputs = null;
    return at(all, places);
  }

  private Tensor[] changed(String hook, String what, Tensor[] grads, Tensor... by) {
    if (by == null) {
      return grads;
    }
    if (by.length != grads.length) {
      throw new IllegalStateException(
          message(
              "%s returned an invalid number of %s, got %s, but expected %s; at %s",
              hook, what, by.length, grads.length, module.label()));
    }
    Tensor[] out = grads.clone();
    for (int i = 0; i < out.length; i++) {
      out[i] = by[i] == null ? out[i] : by[i];
    }
    return out;
  }
}
