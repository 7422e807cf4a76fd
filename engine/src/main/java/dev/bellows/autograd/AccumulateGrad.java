package dev.bellows.autograd;

import static dev.bellows.errors.Messages.message;

import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorCopies;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * The end of a path through the graph: adds the incoming gradient to the leaf's gradient. The leaf
 * is locked during the addition, so that several threads may run backward into it without losing
 * updates.
 */
public final class AccumulateGrad extends Node {
  private static final Edge[] NO_EDGES = {};

  private final Tensor leaf;
  private List<PostHook> postHooks;

  /** Creates the accumulator of a leaf; it runs before all other ready nodes. */
  public AccumulateGrad(Tensor leaf) {
    super(Long.MAX_VALUE, NO_EDGES);
    this.leaf = leaf;
  }

  @Override
  public String name() {
    return "AccumulateGrad";
  }

  /** Returns the leaf into whose gradient this node accumulates. */
  public Tensor leaf() {
    return leaf;
  }

  /** Registers a hook that is called with the leaf after each accumulation into its gradient. */
  public HookHandle addPostHook(Consumer<Tensor> hook) {
    PostHook entry = new PostHook(hook);
    synchronized (leaf) {
      if (postHooks == null) {
        postHooks = new ArrayList<>();
      }
      postHooks.add(entry);
    }
    return () -> {
      synchronized (leaf) {
        postHooks.remove(entry);
      }
    };
  }

  @Override
  protected Tensor[] backward(Tensor[] gradOutputs) {
    Tensor grad = gradOutputs[0];
    if (!grad.device().equals(leaf.device())) {
      throw new IllegalStateException(
          message(
              "AccumulateGrad: a leaf must be on the device that it was on in forward; its gradient"
                  + " is on %s, it is on %s",
              grad.device(), leaf.device()));
    }
    synchronized (leaf) { // passes on several threads may end in this leaf
      add(grad);
    }
    return new Tensor[0];
  }

  private void add(Tensor grad) {
    Tensor current = leaf.grad();
    if (GradMode.isEnabled()) {
      leaf.setGrad(current == null ? grad.clone() : current.add(grad));
    } else if (current == null) {
      leaf.setGrad(fresh(grad));
    } else {
      current.add_(grad);
    }
  }

  /**
   * Calls the post hooks outside the scope of {@link #backward}, so that tensors they create stay
   * live. Only one pass runs them at a time.
   */
  void runPostHooks() {
    synchronized (leaf) {
      if (postHooks != null) {
        for (PostHook hook : List.copyOf(postHooks)) {
          hook.function.accept(leaf);
        }
      }
    }
  }

  /** Returns the incoming gradient itself if its memory is not shared, otherwise a copy. */
  private Tensor fresh(Tensor grad) {
    if (!grad.storage().isShared() && grad.strided().sameLayout(leaf.strided())) {
      return GraphPosition.alias(grad);
    }
    return TensorCopies.inLayoutOf(grad, leaf);
  }

  /** Not a record: hooks are compared by identity, as one function may be registered twice. */
  private static final class PostHook {
    private final Consumer<Tensor> function;

    PostHook(Consumer<Tensor> function) {
      this.function = Objects.requireNonNull(function, "hook");
    }
  }
}
