package dev.bellows.oracle;

import dev.bellows.tensor.Tensor;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.LongOptional;

/** How an argument is stored in the memory of its leaf: the same view is taken on both sides. */
record Layout(Kind kind, int dim, int step, int offset) {
  static final Layout CONTIGUOUS = new Layout(Kind.CONTIGUOUS, 0, 1, 0);

  enum Kind {
    CONTIGUOUS,
    TRANSPOSED,
    SLICED,
    EXPANDED
  }

  /** Any layout; expanded, where several elements are one, only if the argument allows it. */
  static Layout random(Rng r, boolean mayExpand, long... shape) {
    if (shape.length == 0) {
      return CONTIGUOUS;
    }
    int dim = r.nextInt(shape.length);
    return switch (r.nextInt(mayExpand ? 8 : 7)) {
      case 0, 1, 2 -> CONTIGUOUS;
      case 3, 4 -> new Layout(Kind.TRANSPOSED, 0, 1, 0);
      case 5, 6 -> sliced(r, r.nextBoolean() ? shape.length - 1 : dim);
      default -> new Layout(Kind.EXPANDED, dim, 1, 0);
    };
  }

  static Layout sliced(Rng r, int dim) {
    return new Layout(Kind.SLICED, dim, r.between(1, 3), r.between(0, 2));
  }

  /** The shape of the leaf whose view has the shape. */
  long[] leafShape(long... shape) {
    long[] leaf = shape.clone();
    switch (kind) {
      case CONTIGUOUS:
        break;
      case TRANSPOSED:
        for (int d = 0; d < leaf.length; d++) {
          leaf[d] = shape[leaf.length - 1 - d];
        }
        break;
      case SLICED:
        leaf[dim] = offset + step * shape[dim];
        break;
      case EXPANDED:
        leaf[dim] = 1;
    }
    return leaf;
  }

  /** A leaf whose view has the elements; zeros where the view does not reach. */
  Values leaf(Values view) {
    int[] at = positions(view.shape());
    long[] shape = leafShape(view.shape());
    int n = Shapes.numel(shape);
    if (view.isFloating()) {
      double[] doubles = new double[n];
      for (int i = 0; i < at.length; i++) {
        doubles[at[i]] = view.doubles()[i];
      }
      return Values.of(view.dtype(), shape, doubles);
    }
    long[] longs = new long[n];
    for (int i = 0; i < at.length; i++) {
      longs[at[i]] = view.longs()[i];
    }
    return Values.of(view.dtype(), shape, longs);
  }

  /** For each element of the view, row-major, its position in the row-major leaf. */
  int[] positions(long... shape) {
    long[] strides = Shapes.strides(leafShape(shape));
    long[] along = strides.clone();
    long start = 0;
    for (int d = 0; d < along.length; d++) {
      if (kind == Kind.TRANSPOSED) {
        along[d] = strides[along.length - 1 - d];
      } else if (d == dim && kind == Kind.SLICED) {
        along[d] = strides[d] * step;
        start = strides[d] * offset;
      } else if (d == dim && kind == Kind.EXPANDED) {
        along[d] = 0;
      }
    }
    long[] rows = Shapes.strides(shape);
    int[] positions = new int[Shapes.numel(shape)];
    for (int i = 0; i < positions.length; i++) {
      long position = start;
      for (int d = 0; d < along.length; d++) {
        position += i / rows[d] % shape[d] * along[d];
      }
      positions[i] = (int) position;
    }
    return positions;
  }

  /** The view, of the given shape, of a leaf of the engine. */
  Tensor view(Tensor leaf, long... shape) {
    return switch (kind) {
      case CONTIGUOUS -> leaf;
      case TRANSPOSED ->
          leaf.permute(IntStream.range(0, leaf.dim()).map(d -> leaf.dim() - 1 - d).toArray());
      case SLICED -> leaf.slice(dim, offset, offset + step * shape[dim], step);
      case EXPANDED -> leaf.expand(shape);
    };
  }

  /** The view, of the given shape, of a leaf of libtorch. */
  org.bytedeco.pytorch.Tensor view(org.bytedeco.pytorch.Tensor leaf, long... shape) {
    int dims = (int) leaf.dim();
    return switch (kind) {
      case CONTIGUOUS -> leaf;
      case TRANSPOSED ->
          leaf.permute(IntStream.range(0, dims).mapToLong(d -> dims - 1 - d).toArray());
      case SLICED ->
          leaf.slice(
              dim, new LongOptional(offset), new LongOptional(offset + step * shape[dim]), step);
      case EXPANDED -> leaf.expand(shape);
    };
  }

  @Override
  public String toString() {
    return switch (kind) {
      case CONTIGUOUS, TRANSPOSED -> kind.name();
      case SLICED -> "SLICED(dim " + dim + ", from " + offset + ", step " + step + ")";
      case EXPANDED -> "EXPANDED(dim " + dim + ")";
    };
  }
}
