package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.Shapes;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Sums of products in Einstein's notation. Operands are multiplied from left to right; before each
 * product, dimensions that only one of its sides has and that are not needed later are summed, and
 * what both have and is not needed later is summed by a matrix product.
 */
public final class Einsum {
  private Einsum() {}

  /** A tensor and the label of each of its dimensions; the same label twice is never left. */
  private record Term(Tensor tensor, List<Integer> labels) {
    long size(int label) {
      return tensor.size(labels.indexOf(label));
    }

    Term sum(List<Integer> gone) {
      List<Integer> left = new ArrayList<>(labels);
      left.removeAll(gone);
      if (left.size() == labels.size()) {
        return this;
      }
      int[] dims =
          labels.stream().filter(gone::contains).mapToInt(labels::indexOf).sorted().toArray();
      return new Term(tensor.sum(dims, false), left);
    }

    /** Returns the dimensions in the order of {@code wanted}, of which this must have all. */
    Tensor ordered(List<Integer> wanted) {
      int[] order = wanted.stream().mapToInt(labels::indexOf).toArray();
      for (int d = 0; d < order.length; d++) {
        if (order[d] != d) {
          return tensor.permute(order);
        }
      }
      return tensor;
    }

    /** Works like {@link #ordered}, with dimensions of size 1 for the labels that this has not. */
    Tensor spread(List<Integer> wanted) {
      Tensor out = ordered(wanted.stream().filter(labels::contains).toList());
      for (int d = 0; d < wanted.size(); d++) {
        out = labels.contains(wanted.get(d)) ? out : out.unsqueeze(d);
      }
      return out;
    }
  }

  /** Returns the sum of products that an equation describes. */
  public static Tensor of(String equation, Tensor... operands) {
    EinsumEquation parsed = EinsumEquation.parse(equation, operands);
    List<Integer> output = parsed.output();
    Term left = null;
    for (int i = 0; i < operands.length; i++) {
      Term right = diagonals(i, operands[i], parsed.operand(i));
      List<Integer> later = new ArrayList<>(output);
      for (int k = i + 1; k < operands.length; k++) {
        later.addAll(parsed.operand(k));
      }
      left = left == null ? right : product(left, right, later);
    }
    return left.sum(without(left.labels, output)).ordered(output);
  }

  /** Takes the diagonal of each two dimensions with one label. */
  private static Term diagonals(int operand, Tensor x, List<Integer> names) {
    List<Integer> labels = new ArrayList<>(names);
    Tensor out = x;
    for (int d = 0; d < labels.size(); d++) {
      int other = labels.lastIndexOf(labels.get(d));
      if (other == d) {
        continue;
      }
      if (out.size(d) != out.size(other)) {
        throw new IllegalArgumentException(
            message(
                "einsum(): subscript %s is repeated for operand %s but the sizes don't match, %s !="
                    + " %s",
                EinsumEquation.text(labels.get(d)), operand, out.size(other), out.size(d)));
      }
      Integer label = labels.get(d);
      out = out.diagonal(0, d, other).movedim(-1, d);
      labels.remove(other);
      labels.set(d, label);
      d--; // there may be a third
    }
    return new Term(out, labels);
  }

  private static Term product(Term a, Term b, List<Integer> later) {
    List<Integer> both = new ArrayList<>(a.labels);
    both.retainAll(b.labels);
    // A size of 1 is repeated: then that side has nothing to say about the dimension.
    List<Integer> oneInA = both.stream().filter(l -> a.size(l) == 1 && b.size(l) != 1).toList();
    List<Integer> oneInB = both.stream().filter(l -> b.size(l) == 1 && a.size(l) != 1).toList();
    Term x = squeeze(a, oneInA);
    Term y = squeeze(b, oneInB);
    x = x.sum(without(without(x.labels, y.labels), later));
    y = y.sum(without(without(y.labels, x.labels), later));
    List<Integer> shared = new ArrayList<>(x.labels);
    shared.retainAll(y.labels);
    List<Integer> summed = without(shared, later);
    List<Integer> batch = without(shared, summed);
    List<Integer> rows = without(x.labels, shared);
    List<Integer> columns = without(y.labels, shared);
    List<Integer> labels = joined(batch, rows, columns);
    if (summed.isEmpty()) {
      return new Term(x.spread(labels).mul(y.spread(labels)), labels);
    }
    long[] b0 = sizes(x, batch);
    long[] m = sizes(x, rows);
    long[] n = sizes(y, columns);
    long k = Shapes.numel(sizes(x, summed));
    Tensor lhs = x.ordered(joined(batch, rows, summed));
    Tensor rhs = y.ordered(joined(batch, summed, columns));
    Tensor out;
    if (batch.isEmpty()) {
      out = MatMul.matmul(lhs.reshape(Shapes.numel(m), k), rhs.reshape(k, Shapes.numel(n)));
    } else {
      long count = Shapes.numel(b0);
      out =
          MatMul.matmul(
              lhs.reshape(count, Shapes.numel(m), k), rhs.reshape(count, k, Shapes.numel(n)));
    }
    return new Term(out.reshape(Contractions.joined(Contractions.joined(b0, m), n)), labels);
  }

  private static Term squeeze(Term x, List<Integer> gone) {
    if (gone.isEmpty()) {
      return x;
    }
    int[] dims = gone.stream().mapToInt(x.labels::indexOf).toArray();
    return new Term(x.tensor.squeeze(dims), without(x.labels, gone));
  }

  private static long[] sizes(Term x, List<Integer> labels) {
    return labels.stream().mapToLong(x::size).toArray();
  }

  private static List<Integer> without(List<Integer> all, List<Integer> gone) {
    return all.stream().filter(l -> !gone.contains(l)).toList();
  }

  private static List<Integer> joined(List<Integer> a, List<Integer> b, List<Integer> c) {
    return Stream.of(a, b, c).flatMap(List::stream).toList();
  }
}
