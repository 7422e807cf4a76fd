package dev.bellows.autograd;

import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorScope;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * One walk of the graph from its roots to its leaves. First every node reachable from the roots is
 * counted as often as a gradient will arrive at it; then nodes whose gradients are complete run,
 * the most recently recorded first (accumulators at once), and pass theirs on. Both phases use
 * explicit queues, so that the depth of the graph is limited by memory alone. Unless a graph of the
 * gradients is asked for, what a node consumed returns to the pool as soon as the node has run.
 */
final class BackwardPass {
  private final boolean retainGraph;
  private final boolean createGraph;
  private final Map<Node, int[]> dependencies = new IdentityHashMap<>();
  private final Map<Node, Tensor[]> arrived = new IdentityHashMap<>();
  private final PriorityQueue<Node> ready =
      new PriorityQueue<>((a, b) -> Long.compare(b.sequence(), a.sequence()));
  private Map<Node, List<Capture>> captures;

  BackwardPass(boolean retainGraph, boolean createGraph) {
    this.retainGraph = retainGraph;
    this.createGraph = createGraph;
  }

  /** Wants the gradient that arrives at an edge, instead of accumulation into leaves. */
  void capture(Edge edge, Tensor[] into, int index) {
    if (captures == null) {
      captures = new IdentityHashMap<>();
    }
    captures
        .computeIfAbsent(edge.node(), n -> new ArrayList<>())
        .add(new Capture(edge.output(), into, index));
  }

  void run(List<Edge> roots, List<Tensor> grads) {
    count(roots);
    try (GradMode mode = GradMode.set(createGraph)) {
      for (int i = 0; i < roots.size(); i++) {
        arrive(roots.get(i), Internals.alias(grads.get(i)));
      }
      for (Edge root : roots) {
        int[] left = dependencies.get(root.node());
        if (left[0] == 0 && !ready.contains(root.node())) {
          ready.add(root.node());
        }
      }
      Node node;
      while ((node = ready.poll()) != null) {
        Tensor[] gradOutputs = arrived.remove(node);
        if (gradOutputs != null) {
          step(node, gradOutputs);
        }
        for (Edge edge : node.edges()) {
          if (edge.node() != null && --dependencies.get(edge.node())[0] == 0) {
            ready.add(edge.node());
          }
        }
      }
    } finally {
      arrived.values().forEach(this::closeAll);
    }
  }

  private void count(List<Edge> roots) {
    ArrayDeque<Node> open = new ArrayDeque<>();
    for (Edge root : roots) {
      if (dependencies.putIfAbsent(root.node(), new int[1]) == null) {
        open.add(root.node());
      }
    }
    Node node;
    while ((node = open.poll()) != null) {
      for (Edge edge : node.edges()) {
        if (edge.node() == null) {
          continue;
        }
        int[] count = dependencies.get(edge.node());
        if (count == null) {
          count = new int[1];
          dependencies.put(edge.node(), count);
          open.add(edge.node());
        }
        count[0]++;
      }
    }
  }

  private void step(Node node, Tensor[] gradOutputs) {
    boolean collected = false;
    try {
      node.runHooks(gradOutputs, !createGraph);
      if (captures != null) {
        for (Capture capture : captures.getOrDefault(node, List.of())) {
          Tensor grad = gradOutputs[capture.output];
          capture.into[capture.index] = grad == null ? null : Internals.alias(grad);
        }
        if (node instanceof AccumulateGrad) {
          return;
        }
      }
      Tensor[] gradInputs = createGraph ? node.backward(gradOutputs) : scoped(node, gradOutputs);
      collected = true;
      if (!retainGraph) {
        node.releaseSaved();
      }
      closeAll(gradOutputs);
      if (node instanceof AccumulateGrad leaf) {
        leaf.runPostHooks();
      }
      pass(node, gradInputs);
    } finally {
      if (!collected) {
        closeAll(gradOutputs);
      }
    }
  }

  /** Runs a node so that whatever it made, but for its results, is released when it returns. */
  private static Tensor[] scoped(Node node, Tensor[] gradOutputs) {
    try (TensorScope scope = TensorScope.open()) {
      Tensor[] results = node.backward(gradOutputs);
      Tensor[] owned = new Tensor[results.length];
      for (int i = 0; i < results.length; i++) {
        if (results[i] != null && node.edges()[i].node() != null) {
          owned[i] = Internals.detachFromScope(Internals.alias(results[i]));
        }
      }
      return owned;
    }
  }

  private void pass(Node node, Tensor[] gradInputs) {
    Edge[] edges = node.edges();
    try {
      for (int i = 0; i < gradInputs.length; i++) {
        if (edges[i].node() != null && gradInputs[i] != null) {
          Tensor grad = gradInputs[i];
          arrive(edges[i], createGraph ? Internals.alias(grad) : grad);
          gradInputs[i] = null;
        }
      }
    } finally {
      closeAll(gradInputs); // what an exception left behind
    }
  }

  /** Adds one gradient to what has arrived at an edge; takes over the handle. */
  private void arrive(Edge edge, Tensor grad) {
    Tensor[] slots = arrived.computeIfAbsent(edge.node(), n -> new Tensor[n.outputs()]);
    Tensor before = slots[edge.output()];
    if (before == null) {
      slots[edge.output()] = grad;
      return;
    }
    if (createGraph) {
      slots[edge.output()] = before.add(grad);
      return;
    }
    if (!before.storage().isShared() && before.strided().isDense()) {
      before.add_(grad);
    } else {
      slots[edge.output()] = Internals.detachFromScope(before.add(grad));
      before.close();
    }
    grad.close();
  }

  private void closeAll(Tensor[] grads) {
    if (createGraph) {
      return;
    }
    for (int i = 0; i < grads.length; i++) {
      if (grads[i] != null) {
        grads[i].close();
      }
    }
  }

  private record Capture(int output, Tensor[] into, int index) {}
}
