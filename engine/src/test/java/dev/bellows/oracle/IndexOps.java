package dev.bellows.oracle;

import static dev.bellows.oracle.OpInfo.ALL;
import static dev.bellows.oracle.OpInfo.NUMERIC;

import dev.bellows.memory.DType;
import java.util.List;

/** Operations that pick or place elements by index. */
final class IndexOps {
  private IndexOps() {}

  static List<OpInfo> all() {
    return List.of(
        OpInfo.of("gather", ALL, IndexOps::gather).grad(2).exact(),
        OpInfo.of("scatterAdd", NUMERIC, IndexOps::scatterAdd).grad(2).scaled(),
        OpInfo.of("indexSelect", ALL, IndexOps::indexSelect).grad(2).exact());
  }

  /** A shape of an index that fits into the shape, with any size along the dimension. */
  private static long[] indexShape(Rng r, int dim, long... shape) {
    long[] at = shape.clone();
    for (int d = 0; d < at.length; d++) {
      at[d] = r.between(shape[d] == 0 ? 0 : 1, (int) shape[d]);
    }
    return at.length == 0 || Shapes.size(dim, shape) == 0
        ? at
        : Shapes.with(at, dim, r.small() ? r.between(1, 3) : r.between(0, 7));
  }

  private static Sample gather(Rng r, DType t) {
    long[] shape = Shapes.any(r);
    int dim = Shapes.anyDim(r, shape);
    return Sample.of("torch.gather(x0, {}, x1)", dim)
        .ours(x -> x[0].gather(dim, x[1]))
        .args(Arg.of(t, shape), Arg.index(Shapes.size(dim, shape), indexShape(r, dim, shape)));
  }

  private static Sample scatterAdd(Rng r, DType t) {
    long[] shape = Shapes.any(r);
    int dim = Shapes.anyDim(r, shape);
    long[] at = indexShape(r, dim, shape);
    return Sample.of("torch.scatter_add(x0, {}, x1, x2)", dim)
        .ours(x -> x[0].scatterAdd(dim, x[1], x[2]))
        .args(Arg.of(t, shape), Arg.index(Shapes.size(dim, shape), at), Arg.of(t, at));
  }

  private static Sample indexSelect(Rng r, DType t) {
    long[] shape = Shapes.of(r, 1, 5);
    int dim = Shapes.anyDim(r, shape);
    long size = Shapes.size(dim, shape);
    return Sample.of("torch.index_select(x0, {}, x1)", dim)
        .ours(x -> x[0].indexSelect(dim, x[1]))
        .args(Arg.of(t, shape), Arg.index(size, size == 0 ? 0 : r.between(0, 5)));
  }
}
