package dev.bellows.oracle;

import static dev.bellows.oracle.OpInfo.ALL;
import static dev.bellows.oracle.OpInfo.NUMERIC;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Index;
import dev.bellows.tensor.ScatterReduce;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/** Operations that pick or place elements by index. */
final class IndexOps {
  private IndexOps() {}

  static List<OpInfo> all() {
    return List.of(
        OpInfo.of("gather", ALL, IndexOps::gather).grad(2).exact(),
        OpInfo.of("scatterAdd", NUMERIC, IndexOps::scatterAdd).grad(2).scaled(),
        OpInfo.of("indexSelect", ALL, IndexOps::indexSelect).grad(2).exact(),
        OpInfo.of("takeAlongDim", ALL, IndexOps::takeAlongDim).grad(2).exact(),
        OpInfo.of("scatter", ALL, IndexOps::scatter).grad(2).exact(),
        OpInfo.of("scatter value", ALL, IndexOps::scatterValue).grad(2).exact(),
        OpInfo.of("scatterReduce", NUMERIC, IndexOps::scatterReduce)
            .grad(1)
            .scaled()
            .noSpecialValues(),
        OpInfo.of("indexAdd", NUMERIC, IndexOps::indexAdd).grad(2).scaled(),
        OpInfo.of("indexCopy", ALL, IndexOps::indexCopy).grad(2).exact(),
        OpInfo.of("indexFill", ALL, IndexOps::indexFill).grad(2).exact(),
        OpInfo.of("indexReduce", WIDE, IndexOps::indexReduce).grad(1).scaled().noSpecialValues(),
        OpInfo.of("index", ALL, IndexOps::index).grad(2).exact(),
        OpInfo.of("indexPut", ALL, IndexOps::indexPut).grad(2).exact(),
        OpInfo.of("indexPut accumulate", NUMERIC, IndexOps::indexPutAccumulate).grad(2).scaled(),
        OpInfo.of("take", ALL, IndexOps::take).grad(2).exact(),
        OpInfo.of("put", ALL, IndexOps::put).grad(2).exact(),
        OpInfo.of("repeatInterleave", ALL, IndexOps::repeatInterleave).grad(2).exact(),
        OpInfo.of("maskedFill", ALL, IndexOps::maskedFill).grad(2).exact(),
        OpInfo.of("maskedFill tensor", ALL, IndexOps::maskedFillTensor).grad(2).exact(),
        OpInfo.of("maskedSelect", ALL, IndexOps::maskedSelect).grad(2).exact(),
        OpInfo.of("maskedScatter", ALL, IndexOps::maskedScatter).grad(2).exact(),
        OpInfo.of(
                "nonzero",
                ALL,
                (r, t) -> one("torch.nonzero(x0)", x -> x.nonzero(), t, Shapes.any(r)))
            .exact(),
        OpInfo.of(
                "argwhere",
                ALL,
                (r, t) -> one("torch.argwhere(x0)", x -> x.argwhere(), t, Shapes.any(r)))
            .exact(),
        OpInfo.of(
                "nonzeroAsTuple",
                ALL,
                (r, t) -> one("torch.where(x0)", x -> x.nonzeroAsTuple(), t, Shapes.any(r)))
            .exact(),
        OpInfo.of("selectScatter", ALL, IndexOps::selectScatter).grad(2).exact(),
        OpInfo.of("sliceScatter", ALL, IndexOps::sliceScatter).grad(2).exact(),
        OpInfo.of("diagonalScatter", ALL, IndexOps::diagonalScatter).grad(2).exact(),
        OpInfo.of("tril", ALL, (r, t) -> triangle(r, t, "tril", Tensor::tril, Tensor::tril_))
            .grad(2)
            .exact(),
        OpInfo.of("triu", ALL, (r, t) -> triangle(r, t, "triu", Tensor::triu, Tensor::triu_))
            .grad(2)
            .exact(),
        OpInfo.of(
            "trilIndices",
            OpInfo.types(DType.INT64),
            (r, t) -> triangleIndices(r, "tril", Tensor::trilIndices)),
        OpInfo.of(
            "triuIndices",
            OpInfo.types(DType.INT64),
            (r, t) -> triangleIndices(r, "triu", Tensor::triuIndices)),
        OpInfo.of("diagEmbed", ALL, IndexOps::diagEmbed).grad(2).exact(),
        OpInfo.of("diag", ALL, IndexOps::diag).grad(2).exact(),
        OpInfo.of("oneHot", OpInfo.types(DType.INT64), IndexOps::oneHot).exact(),
        OpInfo.of("x[i]", ALL, IndexExpressions::sample).grad(2).exact());
  }

  private static final OpInfo.Types WIDE = OpInfo.types(DType.FLOAT32, DType.FLOAT64);

  private static Sample one(String script, Function<Tensor, Object> ours, DType t, long... shape) {
    return Sample.of(script).ours(x -> ours.apply(x[0])).args(Arg.of(t, shape).noGrad());
  }

  private static Sample takeAlongDim(Rng r, DType t) {
    long[] shape = Shapes.nonEmpty(r, 1, 4);
    int dim = Shapes.anyDim(r, shape);
    long[] at = shape.clone();
    for (int d = 0; d < at.length; d++) {
      at[d] = r.oneIn(3) ? 1 : at[d];
    }
    at = Shapes.with(at, dim, r.between(1, 4));
    return Sample.of("torch.take_along_dim(x0, x1, {})", dim)
        .ours(x -> x[0].takeAlongDim(x[1], dim))
        .args(Arg.of(t, shape), Arg.index(Shapes.size(dim, shape), at));
  }

  /** An index that names nothing twice, so that the order of writing does not matter. */
  private static Arg once(Rng r, int dim, long... shape) {
    long[] at = shape.clone();
    for (int d = 0; d < at.length; d++) {
      at[d] = r.between(1, (int) shape[d]);
    }
    return Arg.permutation(dim, Shapes.size(dim, shape), at);
  }

  private static Sample scatter(Rng r, DType t) {
    long[] shape = Shapes.nonEmpty(r, 1, 4);
    int dim = Shapes.anyDim(r, shape);
    Arg index = once(r, dim, shape);
    long[] src = index.shape().clone();
    src[r.nextInt(src.length)] += r.between(0, 1);
    return Sample.of("torch.scatter(x0, {}, x1, x2)", dim)
        .ours(x -> x[0].scatter(dim, x[1], x[2]))
        .inPlace(x -> x[0].scatter_(dim, x[1], x[2]), "x0.scatter_({}, x1, x2)", dim)
        // libtorch has no gradient for a src that is larger than index
        .args(
            Arg.of(t, shape),
            index,
            Arrays.equals(src, index.shape()) ? Arg.of(t, src) : Arg.of(t, src).noGrad());
  }

  private static Sample scatterValue(Rng r, DType t) {
    long[] shape = Shapes.nonEmpty(r, 1, 4);
    int dim = Shapes.anyDim(r, shape);
    int value = r.between(0, 3);
    return Sample.of("torch.scatter(x0, {}, x1, {})", dim, value)
        .ours(x -> x[0].scatter(dim, x[1], value))
        .inPlace(x -> x[0].scatter_(dim, x[1], value), "x0.scatter_({}, x1, {})", dim, value)
        .args(Arg.of(t, shape), Arg.index(Shapes.size(dim, shape), indexShape(r, dim, shape)));
  }

  private static Sample scatterReduce(Rng r, DType t) {
    long[] shape = Shapes.nonEmpty(r, 1, 3);
    int dim = Shapes.anyDim(r, shape);
    long[] at = indexShape(r, dim, shape);
    ScatterReduce reduce = ScatterReduce.values()[r.nextInt(5)];
    boolean self = r.nextBoolean();
    return Sample.of("torch.scatter_reduce(x0, {}, x1, x2, {}, include_self={})", dim, reduce, self)
        .ours(x -> x[0].scatterReduce(dim, x[1], x[2], reduce, self))
        // plain: libtorch shares an extreme's gradient with an equal self that is not included
        .args(Arg.of(t, shape).plain(), Arg.index(Shapes.size(dim, shape), at), Arg.of(t, at));
  }

  private static Sample indexAdd(Rng r, DType t) {
    long[] shape = Shapes.nonEmpty(r, 1, 4);
    int dim = Shapes.anyDim(r, shape);
    int n = r.between(0, 5);
    int alpha = r.between(1, 2);
    return Sample.of("torch.index_add(x0, {}, x1, x2, alpha={})", dim, alpha)
        .ours(x -> x[0].indexAdd(dim, x[1], x[2], alpha))
        .inPlace(
            x -> x[0].indexAdd_(dim, x[1], x[2], alpha),
            "x0.index_add_({}, x1, x2, alpha={})",
            dim,
            alpha)
        .args(
            Arg.of(t, shape),
            Arg.index(Shapes.size(dim, shape), n),
            Arg.of(t, Shapes.with(shape, dim, n)));
  }

  private static Sample indexCopy(Rng r, DType t) {
    long[] shape = Shapes.nonEmpty(r, 1, 4);
    int dim = Shapes.anyDim(r, shape);
    int size = (int) Shapes.size(dim, shape);
    int n = r.between(1, size);
    return Sample.of("torch.index_copy(x0, {}, x1, x2)", dim)
        .ours(x -> x[0].indexCopy(dim, x[1], x[2]))
        .inPlace(x -> x[0].indexCopy_(dim, x[1], x[2]), "x0.index_copy_({}, x1, x2)", dim)
        .args(Arg.of(t, shape), Arg.permutation(0, size, n), Arg.of(t, Shapes.with(shape, dim, n)));
  }

  private static Sample indexFill(Rng r, DType t) {
    long[] shape = Shapes.nonEmpty(r, 1, 4);
    int dim = Shapes.anyDim(r, shape);
    int value = r.between(0, 3);
    int n = r.between(0, 4);
    return Sample.of("torch.index_fill(x0, {}, x1, {})", dim, value)
        .ours(x -> x[0].indexFill(dim, x[1], value))
        .inPlace(x -> x[0].indexFill_(dim, x[1], value), "x0.index_fill_({}, x1, {})", dim, value)
        .args(Arg.of(t, shape), Arg.index(Shapes.size(dim, shape), n));
  }

  private static Sample indexReduce(Rng r, DType t) {
    long[] shape = Shapes.nonEmpty(r, 1, 3);
    int dim = Shapes.anyDim(r, shape);
    int n = r.between(1, 4);
    ScatterReduce reduce =
        new ScatterReduce[] {ScatterReduce.MEAN, ScatterReduce.AMAX, ScatterReduce.AMIN}
            [r.nextInt(3)];
    boolean self = r.nextBoolean();
    return Sample.of("torch.index_reduce(x0, {}, x1, x2, {}, include_self={})", dim, reduce, self)
        .ours(x -> x[0].indexReduce(dim, x[1], x[2], reduce, self))
        .args(
            Arg.of(t, shape).plain(),
            Arg.index(Shapes.size(dim, shape), n),
            Arg.of(t, Shapes.with(shape, dim, n)));
  }

  /** Index tensors for some dimensions, broadcast together, as a list with gaps. */
  private record Advanced(List<Arg> args, String list, boolean[] used) {
    static Advanced of(Rng r, long... shape) {
      long[] common = Shapes.nonEmpty(r, 0, 2);
      List<Arg> args = new ArrayList<>();
      List<String> names = new ArrayList<>();
      boolean[] used = new boolean[shape.length];
      for (int d = 0; d < shape.length; d++) {
        used[d] = r.nextBoolean() || d == shape.length - 1 && args.isEmpty();
        names.add(used[d] ? "x" + (args.size() + 1) : "None");
        if (used[d]) {
          long[] at = Shapes.broadcastTo(r, common);
          args.add(Arg.of(DType.INT64, at).in(-shape[d], shape[d]).plain());
        }
      }
      return new Advanced(args, String.join(", ", names), used);
    }

    List<Tensor> indices(Tensor... x) {
      List<Tensor> out = new ArrayList<>();
      int next = 1;
      for (boolean is : used) {
        out.add(is ? x[next++] : null);
      }
      return out;
    }

    Arg[] args(Arg first, Arg... more) {
      List<Arg> all = new ArrayList<>(List.of(first));
      all.addAll(args);
      all.addAll(List.of(more));
      return all.toArray(new Arg[0]);
    }
  }

  private static String bracket(Advanced a) {
    return a.list().replace("None", ":");
  }

  private static Sample index(Rng r, DType t) {
    long[] shape = Shapes.nonEmpty(r, 1, 4);
    Advanced a = Advanced.of(r, shape);
    return Sample.of("x0[" + bracket(a) + "]")
        .ours(x -> x[0].index(a.indices(x)))
        .args(a.args(Arg.of(t, shape)));
  }

  private static Sample indexPut(Rng r, DType t) {
    long[] shape = Shapes.nonEmpty(r, 1, 3);
    int size = (int) shape[0];
    int n = r.between(1, size);
    long[] values = Shapes.with(shape, 0, n);
    return Sample.of("torch.index_put(x0, [x1], x2)")
        .ours(x -> x[0].indexPut(List.of(x[1]), x[2], false))
        .inPlace(x -> x[0].indexPut_(List.of(x[1]), x[2], false), "x0.index_put_([x1], x2)")
        .args(
            Arg.of(t, shape),
            Arg.permutation(0, size, n),
            Arg.of(t, Shapes.broadcastTo(r, values)));
  }

  private static Sample indexPutAccumulate(Rng r, DType t) {
    long[] shape = Shapes.nonEmpty(r, 2, 3);
    int n = r.between(1, 5);
    long[] rest = Arrays.copyOfRange(shape, 2, shape.length);
    long[] values = Shapes.prepend(n, rest);
    return Sample.of("torch.index_put(x0, [x1, x2], x3, accumulate=True)")
        .ours(x -> x[0].indexPut(List.of(x[1], x[2]), x[3], true))
        .inPlace(
            x -> x[0].indexPut_(List.of(x[1], x[2]), x[3], true),
            "x0.index_put_([x1, x2], x3, accumulate=True)")
        .args(
            Arg.of(t, shape),
            Arg.index(shape[0], n),
            Arg.index(shape[1], n),
            Arg.of(t, Shapes.broadcastTo(r, values)));
  }

  private static Sample take(Rng r, DType t) {
    long[] shape = Shapes.nonEmpty(r, 0, 4);
    int n = Shapes.numel(shape);
    return Sample.of("torch.take(x0, x1)")
        .ours(x -> x[0].take(x[1]))
        .args(Arg.of(t, shape), Arg.of(DType.INT64, Shapes.any(r)).in(-n, n).plain());
  }

  private static Sample put(Rng r, DType t) {
    long[] shape = Shapes.nonEmpty(r, 1, 3);
    int n = Shapes.numel(shape);
    int count = r.between(1, Math.min(n, 6));
    return Sample.of("torch.put(x0, x1, x2)")
        .ours(x -> x[0].put(x[1], x[2], false))
        .inPlace(x -> x[0].put_(x[1], x[2], false), "x0.put_(x1, x2)")
        .args(Arg.of(t, shape), Arg.permutation(0, n, count), Arg.of(t, count));
  }

  private static Sample repeatInterleave(Rng r, DType t) {
    long[] shape = Shapes.nonEmpty(r, 1, 4);
    int dim = Shapes.anyDim(r, shape);
    if (r.nextBoolean()) {
      int times = r.between(0, 3);
      return Sample.of("torch.repeat_interleave(x0, {}, {})", times, dim)
          .ours(x -> x[0].repeatInterleave(times, dim))
          .args(Arg.of(t, shape));
    }
    return Sample.of("torch.repeat_interleave(x0, x1, {})", dim)
        .ours(x -> x[0].repeatInterleave(x[1], dim))
        .args(Arg.of(t, shape), Arg.of(DType.INT64, Shapes.size(dim, shape)).in(0, 4).plain());
  }

  private static Sample maskedFill(Rng r, DType t) {
    long[][] shapes = Shapes.broadcastPair(r);
    int value = r.between(0, 3);
    return Sample.of("torch.masked_fill(x0, x1, {})", value)
        .ours(x -> x[0].maskedFill(x[1], value))
        .inPlace(x -> x[0].maskedFill_(x[1], value), "x0.masked_fill_(x1, {})", value)
        .args(Arg.of(t, shapes[0]), Arg.of(DType.BOOL, shapes[1]));
  }

  private static Sample maskedFillTensor(Rng r, DType t) {
    long[][] shapes = Shapes.broadcastPair(r);
    return Sample.of("torch.masked_fill(x0, x1, x2)")
        .ours(x -> x[0].maskedFill(x[1], x[2]))
        .args(Arg.of(t, shapes[0]), Arg.of(DType.BOOL, shapes[1]), Arg.of(t, new long[0]));
  }

  private static Sample maskedSelect(Rng r, DType t) {
    long[][] shapes = Shapes.broadcastPair(r);
    return Sample.of("torch.masked_select(x0, x1)")
        .ours(x -> x[0].maskedSelect(x[1]))
        .args(Arg.of(t, shapes[0]), Arg.of(DType.BOOL, shapes[1]));
  }

  private static Sample maskedScatter(Rng r, DType t) {
    long[] shape = Shapes.any(r);
    return Sample.of("torch.masked_scatter(x0, x1, x2)")
        .ours(x -> x[0].maskedScatter(x[1], x[2]))
        .args(
            Arg.of(t, shape),
            Arg.of(DType.BOOL, Shapes.broadcastTo(r, shape)),
            Arg.of(t, Math.max(1, Shapes.numel(shape)) + r.between(0, 2)));
  }

  private static Sample selectScatter(Rng r, DType t) {
    long[] shape = Shapes.nonEmpty(r, 1, 4);
    int dim = Shapes.anyDim(r, shape);
    int size = (int) Shapes.size(dim, shape);
    int index = r.between(-size, size - 1);
    long[] rest = new long[shape.length - 1];
    int d = dim < 0 ? dim + shape.length : dim;
    for (int i = 0, j = 0; i < shape.length; i++) {
      if (i != d) {
        rest[j++] = shape[i];
      }
    }
    return Sample.of("torch.select_scatter(x0, x1, {}, {})", dim, index)
        .ours(x -> x[0].selectScatter(x[1], dim, index))
        .args(Arg.of(t, shape), Arg.of(t, rest));
  }

  private static Sample sliceScatter(Rng r, DType t) {
    long[] shape = Shapes.nonEmpty(r, 1, 4);
    int dim = Shapes.anyDim(r, shape);
    int size = (int) Shapes.size(dim, shape);
    int start = r.between(0, size - 1);
    int end = r.between(start + 1, size);
    int step = r.between(1, 2);
    long length = (end - start - 1) / step + 1;
    return Sample.of("torch.slice_scatter(x0, x1, {}, {}, {}, {})", dim, start, end, step)
        .ours(x -> x[0].sliceScatter(x[1], dim, start, end, step))
        .args(Arg.of(t, shape), Arg.of(t, Shapes.with(shape, dim, length)));
  }

  private static Sample diagonalScatter(Rng r, DType t) {
    int n = r.between(1, 5);
    int m = r.between(1, 5);
    int offset = r.between(1 - n, m - 1);
    long length = Math.min(n + Math.min(0, offset), m - Math.max(0, offset));
    return Sample.of("torch.diagonal_scatter(x0, x1, {}, 0, 1)", offset)
        .ours(x -> x[0].diagonalScatter(x[1], offset, 0, 1))
        .args(Arg.of(t, n, m), Arg.of(t, length));
  }

  private interface Triangle {
    Tensor apply(Tensor x, long diagonal);
  }

  private static Sample triangle(Rng r, DType t, String name, Triangle ours, Triangle inPlace) {
    int diagonal = r.between(-4, 4);
    return Sample.of("torch." + name + "(x0, {})", diagonal)
        .ours(x -> ours.apply(x[0], diagonal))
        .inPlace(x -> inPlace.apply(x[0], diagonal), "x0." + name + "_({})", diagonal)
        .args(Arg.of(t, Shapes.of(r, 2, 4)));
  }

  private interface TriangleIndices {
    Tensor apply(long rows, long columns, long offset);
  }

  private static Sample triangleIndices(Rng r, String name, TriangleIndices ours) {
    int rows = r.between(0, 5);
    int columns = r.between(0, 5);
    int offset = r.between(-4, 4);
    return Sample.of("torch." + name + "_indices({}, {}, {})", rows, columns, offset)
        .ours(x -> ours.apply(rows, columns, offset));
  }

  private static Sample diagEmbed(Rng r, DType t) {
    int offset = r.between(-2, 2);
    return Sample.of("torch.diag_embed(x0, {})", offset)
        .ours(x -> x[0].diagEmbed(offset))
        .args(Arg.of(t, Shapes.of(r, 1, 3)));
  }

  private static Sample diag(Rng r, DType t) {
    int offset = r.between(-2, 2);
    return Sample.of("torch.diag(x0, {})", offset)
        .ours(x -> x[0].diag(offset))
        .args(Arg.of(t, Shapes.of(r, 1, 2)));
  }

  private static Sample oneHot(Rng r, DType t) {
    int classes = r.nextBoolean() ? -1 : 6;
    return Sample.of("torch.one_hot(x0, {})", classes)
        .ours(x -> x[0].oneHot(classes))
        .args(Arg.of(t, Shapes.nonEmpty(r, 0, 3)).in(0, 6).plain());
  }

  /** Index expressions of all kinds. */
  private static final class IndexExpressions {
    static Sample sample(Rng r, DType t) {
      long[] shape = Shapes.nonEmpty(r, 1, 4);
      List<String> script = new ArrayList<>();
      List<Function<Tensor[], Index>> items = new ArrayList<>();
      List<Arg> args = new ArrayList<>(List.of(Arg.of(t, shape)));
      long[] common = Shapes.nonEmpty(r, 0, 1);
      int skip = r.oneIn(3) ? r.between(0, shape.length - 1) : -1;
      for (int d = 0; d < shape.length; d++) {
        int size = (int) shape[d];
        if (d == skip) {
          script.add("...");
          items.add(x -> Index.ellipsis());
          d += r.between(0, shape.length - 1 - d);
          continue;
        }
        switch (r.nextInt(6)) {
          case 0:
            int at = r.between(-size, size - 1);
            script.add("" + at);
            items.add(x -> Index.at(at));
            break;
          case 1:
            Integer from = r.oneIn(3) ? null : r.between(-size - 1, size);
            Integer to = r.oneIn(3) ? null : r.between(-size - 1, size + 1);
            int step = r.between(1, 2);
            script.add((from == null ? "" : from) + ":" + (to == null ? "" : to) + ":" + step);
            items.add(x -> Index.slice(from, to, step));
            break;
          case 2:
            script.add(":");
            items.add(x -> Index.all());
            break;
          case 3:
            script.add("None");
            items.add(x -> Index.newAxis());
            d--;
            if (script.size() > 8) {
              d = shape.length;
            }
            break;
          default:
            int number = args.size();
            script.add("x" + number);
            items.add(x -> Index.of(x[number]));
            long[] place = Shapes.broadcastTo(r, common);
            args.add(Arg.of(DType.INT64, place).in(-size, size).plain());
        }
      }
      if (script.equals(List.of("..."))) { // TorchScript wants more than that
        script.add("None");
        items.add(x -> Index.newAxis());
      }
      int dots = script.indexOf("...");
      if (dots >= 0 && args.size() > 1) { // TorchScript knows no ellipsis beside tensors
        long taken = script.stream().filter(i -> !i.equals("...") && !i.equals("None")).count();
        script.remove(dots);
        script.addAll(dots, Collections.nCopies(shape.length - (int) taken, ":"));
      }
      return Sample.of("x0[" + String.join(", ", script) + "]")
          .ours(x -> x[0].get(items.stream().map(i -> i.apply(x)).toArray(Index[]::new)))
          .args(args.toArray(new Arg[0]));
    }
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
