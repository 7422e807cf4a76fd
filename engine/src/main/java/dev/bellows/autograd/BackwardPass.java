package dev.bellows.autograd;

import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorScope;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One traversal of the graph from its roots to its leaves. First, every reachable node's incoming
 * gradients are counted; then nodes whose gradients are complete run, the most recently recorded
 * first (accumulators at once), and pass their results on. If only some gradients are requested,
 * nodes that do not lead to one of these are skipped. All phases use explicit queues, so that the
 * depth of the graph is limited by memory only. Unless the gradients are recorded too, the inputs
 * of a node return to the pool as soon as the node has run.
 */
final class BackwardPass {
  private final boolean retainGraph;
  private final boolean createGraph;
  private final Map<Node, int[]> dependencies = new IdentityHashMap<>();
  private final Map<Node, Tensor[]> arrived = new IdentityHashMap<>();
  private final PriorityQueue<Node> ready =
      new PriorityQueue<>((a, b) -> Long.compare(b.sequence(), a.sequence()));
  private Map<Node, List<Capture>> captures;
  private Set<Node> leaves;
  private Set<Node> wanted;

  BackwardPass(boolean retainGraph, boolean createGraph) {
    this.retainGraph = retainGraph;
    this.createGraph = createGraph;
  }

  /**
   * Requests the gradient that arrives at an edge; it is passed to {@code sink} and not
   * accumulated.
   */
  void capture(Edge edge, Consumer<Tensor> sink) {
    restrict();
    captures
        .computeIfAbsent(edge.node(), n -> new ArrayList<>())
        .add(new Capture(edge.output(), sink));
  }

  /** Requests that the gradient of a leaf be accumulated. */
  void accumulate(AccumulateGrad leaf) {
    restrict();
    leaves.add(leaf);
  }

  private void restrict() {
    if (captures == null) {
      captures = new IdentityHashMap<>();
      leaves = Collections.newSetFromMap(new IdentityHashMap<>());
    }
  }

  void run(List<Edge> roots, List<Tensor> grads) {
    if (captures != null) {
      findWanted(roots);
    }
    count(roots);
    try (GradMode mode = GradMode.set(createGraph);
        Calls.Recording recording = Calls.inBackward()) {
      for (int i = 0; i < roots.size(); i++) {
        if (isWanted(roots.get(i).node())) {
          arrive(roots.get(i), GraphPosition.alias(grads.get(i)));
        }
      }
      for (Edge root : roots) {
        int[] left = dependencies.get(root.node());
        if (left != null && left[0] == 0 && !ready.contains(root.node())) {
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
          if (isWanted(edge.node()) && --dependencies.get(edge.node())[0] == 0) {
            ready.add(edge.node());
          }
        }
      }
    } finally {
      arrived.values().forEach(this::closeAll);
    }
  }

  private boolean isWanted(Node node) {
    return node != null && (wanted == null || wanted.contains(node));
  }

  /** Marks all nodes that lead to a requested gradient, following the edges backwards. */
  private void findWanted(List<Edge> roots) {
    Map<Node, List<Node>> parents = new IdentityHashMap<>();
    ArrayDeque<Node> open = new ArrayDeque<>();
    for (Edge root : roots) {
      if (parents.putIfAbsent(root.node(), new ArrayList<>()) == null) {
        open.add(root.node());
      }
    }
    Node node;
    while ((node = open.poll()) != null) {
      for (Edge edge : node.edges()) {
        if (edge.node() != null) {
          List<Node> known = parents.get(edge.node());
          if (known == null) {
            known = new ArrayList<>();
            parents.put(edge.node(), known);
            open.add(edge.node());
          }
          known.add(node);
        }
      }
    }
    wanted = Collections.newSetFromMap(new IdentityHashMap<>());
    open.addAll(captures.keySet());
    open.addAll(leaves);
    while ((node = open.poll()) != null) {
      if (parents.containsKey(node) && wanted.add(node)) {
        open.addAll(parents.get(node));
      }
    }
  }

  private void count(List<Edge> roots) {
    ArrayDeque<Node> open = new ArrayDeque<>();
    for (Edge root : roots) {
      if (isWanted(root.node()) && dependencies.putIfAbsent(root.node(), new int[1]) == null) {
        open.add(root.node());
      }
    }
    Node node;
    while ((node = open.poll()) != null) {
      for (Edge edge : node.edges()) {
        if (!isWanted(edge.node())) {
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

  /** Returns whether a node must run, rather than only be reached. */
  private boolean runs(Node node) {
    if (wanted == null || leaves.contains(node)) {
      return true;
    }
    for (Edge edge : node.edges()) {
      if (isWanted(edge.node())) {
        return true;
      }
    }
    return false;
  }

  private void step(Node node, Tensor[] gradOutputs) {
    Tensor[] gradInputs = {};
    try {
      node.runPreHooks(gradOutputs, !createGraph);
      if (captures != null) {
        for (Capture capture : captures.getOrDefault(node, List.of())) {
          Tensor grad = gradOutputs[capture.output];
          capture.sink.accept(grad == null ? null : GraphPosition.alias(grad));
        }
      }
      if (!runs(node)) {
        return;
      }
      gradInputs = createGraph ? node.backward(gradOutputs) : scoped(node, gradOutputs);
      if (!retainGraph) {
        node.releaseSaved();
      }
      AnomalyMode.check(node, gradInputs);
      node.runHooks(gradInputs, gradOutputs, !createGraph);
    } catch (RuntimeException e) {
      closeAll(gradInputs);
      throw AnomalyMode.explain(node, e);
    } finally {
      closeAll(gradOutputs);
    }
    if (node instanceof AccumulateGrad leaf) {
      leaf.runPostHooks();
    }
    pass(node, gradInputs);
  }

  /** Runs a node in a scope that releases everything it created except its results. */
  private Tensor[] scoped(Node node, Tensor[] gradOutputs) {
    try (TensorScope scope = TensorScope.open()) {
      Tensor[] results = node.backward(gradOutputs);
      Tensor[] owned = new Tensor[results.length];
      for (int i = 0; i < results.length; i++) {
        if (results[i] != null && isWanted(node.edges()[i].node())) {
          owned[i] = Internals.detachFromScope(GraphPosition.alias(results[i]));
        }
      }
      return owned;
    }
  }

  private void pass(Node node, Tensor[] gradInputs) {
    Edge[] edges = node.edges();
    try {
      for (int i = 0; i < gradInputs.length; i++) {
        if (gradInputs[i] != null && isWanted(edges[i].node())) {
          Tensor grad = gradInputs[i];
          arrive(edges[i], createGraph ? GraphPosition.alias(grad) : grad);
          gradInputs[i] = null;
        }
      }
    } finally {
      closeAll(gradInputs); // left over by an exception
    }
  }

  /** Adds a gradient to the sum at an edge; takes ownership of the handle. */
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

  private record Capture(int output, Consumer<Tensor> sink) {}
}
