package dev.bellows.oracle;

import static dev.bellows.oracle.OpInfo.ALL;
import static dev.bellows.oracle.OpInfo.FLOATING;
import static dev.bellows.oracle.OpInfo.NUMERIC;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Views of tensors, and joining them. */
final class ViewOps {
  private ViewOps() {}

  static List<OpInfo> all() {
    return List.of(
        op("transpose", ViewOps::transpose),
        op("permute", ViewOps::permute),
        op("t", ViewOps::t),
        op("narrow", ViewOps::narrow),
        op("slice", ViewOps::slice),
        op("select", ViewOps::select),
        op("unsqueeze", ViewOps::unsqueeze),
        op("squeeze", ViewOps::squeeze),
        op("view", ViewOps::view),
        op("reshape", ViewOps::reshape),
        op("flatten", ViewOps::flatten),
        op("expand", ViewOps::expand),
        op("contiguous", ViewOps::contiguous),
        OpInfo.of("detach", ALL, ViewOps::detach).exact().fast(),
        op("views of views", ViewChain::sample),
        op("cat", (r, t) -> joined(r, t, false)),
        op("stack", (r, t) -> joined(r, t, true)),
        one("viewAs", "x0.reshape(-1).view_as(x0)", x -> x.reshape(-1).viewAs(x)),
        one("squeeze all", "x0.squeeze()", x -> x.squeeze()),
        one("flatten all", "x0.flatten()", Tensor::flatten),
        one("ravel", "x0.ravel()", Tensor::ravel),
        one("clone", "x0.clone()", Tensor::clone),
        op("mT", (r, t) -> plain("x0.mT", x -> x.mT(), t, Shapes.of(r, 2, 4))),
        op("squeeze dims", ViewOps::squeezeDims),
        op("flatten dims", ViewOps::flattenDims),
        op("unflatten", ViewOps::unflatten),
        op("movedim", ViewOps::movedim),
        op("expandAs", ViewOps::expandAs),
        op("broadcastTo", ViewOps::broadcastTo),
        op("split", ViewOps::split),
        op("split sizes", ViewOps::splitSizes),
        op("chunk", ViewOps::chunk),
        op("tensorSplit", ViewOps::tensorSplit),
        op("tensorSplit indices", ViewOps::tensorSplitIndices),
        op("unbind", ViewOps::unbind),
        op("diagonal", ViewOps::diagonal),
        op("unfold", ViewOps::unfold),
        op("asStrided", ViewOps::asStrided),
        op("repeat", ViewOps::repeat),
        op("tile", ViewOps::tile),
        op("flip", ViewOps::flip),
        op("fliplr", (r, t) -> plain("torch.fliplr(x0)", Tensor::fliplr, t, Shapes.of(r, 2, 4))),
        op("flipud", (r, t) -> plain("torch.flipud(x0)", Tensor::flipud, t, Shapes.of(r, 1, 4))),
        op("roll", ViewOps::roll),
        op("roll dims", ViewOps::rollDims),
        op("rot90", ViewOps::rot90),
        op("cat of types", ViewOps::catOfTypes),
        op("hstack", (r, t) -> stacked(r, t, "hstack", Tensor::hstack)),
        op("vstack", (r, t) -> stacked(r, t, "vstack", Tensor::vstack)),
        op("dstack", (r, t) -> stacked(r, t, "dstack", Tensor::dstack)),
        op("broadcastTensors", ViewOps::broadcastTensors),
        op("meshgrid", (r, t) -> meshgrid(r, t, false)),
        op("meshgridXy", (r, t) -> meshgrid(r, t, true)),
        OpInfo.of("view of bits", ALL, ViewOps::bits).exact(),
        OpInfo.of("arange", FLOATING, ViewOps::arange).tolerance(4),
        OpInfo.of("linspace", FLOATING, ViewOps::linspace).tolerance(4),
        OpInfo.of("logspace", FLOATING, ViewOps::logspace).tolerance(16),
        OpInfo.of("eye", ALL, ViewOps::eye).exact(),
        OpInfo.of("fullLike", NUMERIC, ViewOps::fullLike).exact());
  }

  private static OpInfo one(String name, String script, UnaryOperator<Tensor> ours) {
    return op(name, (r, t) -> plain(script, ours, t, Shapes.any(r)));
  }

  private static Sample plain(String script, UnaryOperator<Tensor> ours, DType t, long... shape) {
    return Sample.of(script).ours(x -> ours.apply(x[0])).args(Arg.of(t, shape));
  }

  private static Sample squeezeDims(Rng r, DType t) {
    long[] shape = Shapes.of(r, 1, 5);
    int[] dims = Shapes.dims(r, shape);
    for (int dim : dims) {
      shape = r.nextBoolean() ? Shapes.with(shape, dim, 1) : shape;
    }
    return Sample.of("x0.squeeze({})", dims).ours(x -> x[0].squeeze(dims)).args(Arg.of(t, shape));
  }

  private static Sample flattenDims(Rng r, DType t) {
    long[] shape = Shapes.any(r);
    int a = Shapes.anyDim(r, shape);
    int b = Shapes.anyDim(r, shape);
    return Sample.of("torch.flatten(x0, {}, {})", a, b)
        .ours(x -> x[0].flatten(a, b))
        .args(Arg.of(t, shape));
  }

  private static Sample unflatten(Rng r, DType t) {
    long[] shape = Shapes.of(r, 1, 3);
    int dim = Shapes.anyDim(r, shape);
    long[] inner = Shapes.nonEmpty(r, 1, 2);
    long[] named = Shapes.guessed(r, inner);
    return Sample.of("x0.unflatten({}, {})", dim, named)
        .ours(x -> x[0].unflatten(dim, named))
        .args(Arg.of(t, Shapes.with(shape, dim, Shapes.numel(inner))));
  }

  private static Sample movedim(Rng r, DType t) {
    long[] shape = Shapes.of(r, 1, 5);
    int[] from = Shapes.dims(r, shape);
    int[] to = Arrays.copyOf(Shapes.order(r, shape.length), from.length);
    return Sample.of("torch.movedim(x0, {}, {})", from, to)
        .ours(x -> x[0].movedim(from, to))
        .args(Arg.of(t, shape));
  }

  private static Sample expandAs(Rng r, DType t) {
    long[] to = Shapes.any(r);
    return Sample.of("x0.expand_as(x1)")
        .ours(x -> x[0].expandAs(x[1]))
        .args(Arg.of(t, Shapes.broadcastTo(r, to)), Arg.of(t, to).noGrad());
  }

  private static Sample broadcastTo(Rng r, DType t) {
    long[] to = Shapes.any(r);
    return Sample.of("torch.broadcast_to(x0, {})", to)
        .ours(x -> x[0].broadcastTo(to))
        .args(Arg.of(t, Shapes.broadcastTo(r, to)));
  }

  private static Sample split(Rng r, DType t) {
    long[] shape = Shapes.of(r, 1, 4);
    int dim = Shapes.anyDim(r, shape);
    int size = r.between(1, 4);
    return Sample.of("torch.split(x0, {}, {})", size, dim)
        .ours(x -> x[0].split(size, dim))
        .args(Arg.of(t, shape));
  }

  private static Sample splitSizes(Rng r, DType t) {
    long[] sizes = new long[r.between(1, 4)];
    Arrays.setAll(sizes, i -> r.between(0, 3));
    long[] shape = Shapes.of(r, 1, 3);
    int dim = Shapes.anyDim(r, shape);
    return Sample.of("torch.split(x0, {}, {})", sizes, dim)
        .ours(x -> x[0].split(sizes, dim))
        .args(Arg.of(t, Shapes.with(shape, dim, Arrays.stream(sizes).sum())));
  }

  private static Sample chunk(Rng r, DType t) {
    long[] shape = Shapes.of(r, 1, 4);
    int dim = Shapes.anyDim(r, shape);
    int chunks = r.between(1, 5);
    return Sample.of("torch.chunk(x0, {}, {})", chunks, dim)
        .ours(x -> x[0].chunk(chunks, dim))
        .args(Arg.of(t, shape));
  }

  private static Sample tensorSplit(Rng r, DType t) {
    long[] shape = Shapes.of(r, 1, 4);
    int dim = Shapes.anyDim(r, shape);
    int sections = r.between(1, 5);
    return Sample.of("torch.tensor_split(x0, {}, {})", sections, dim)
        .ours(x -> x[0].tensorSplit(sections, dim))
        .args(Arg.of(t, shape));
  }

  private static Sample tensorSplitIndices(Rng r, DType t) {
    long[] shape = Shapes.of(r, 1, 4);
    int dim = Shapes.anyDim(r, shape);
    long[] indices = new long[r.between(1, 3)];
    Arrays.setAll(indices, i -> r.between(-3, 6));
    return Sample.of("torch.tensor_split(x0, {}, {})", indices, dim)
        .ours(x -> x[0].tensorSplit(indices, dim))
        .args(Arg.of(t, shape));
  }

  private static Sample unbind(Rng r, DType t) {
    long[] shape = Shapes.nonEmpty(r, 1, 4);
    int dim = Shapes.anyDim(r, shape);
    return Sample.of("torch.unbind(x0, {})", dim)
        .ours(x -> x[0].unbind(dim))
        .args(Arg.of(t, shape));
  }

  private static Sample diagonal(Rng r, DType t) {
    long[] shape = Shapes.of(r, 2, 4);
    int[] order = Shapes.order(r, shape.length);
    int offset = r.between(-4, 4);
    return Sample.of("torch.diagonal(x0, {}, {}, {})", offset, order[0], order[1])
        .ours(x -> x[0].diagonal(offset, order[0], order[1]))
        .args(Arg.of(t, shape));
  }

  private static Sample unfold(Rng r, DType t) {
    long[] shape = Shapes.nonEmpty(r, 1, 4);
    int dim = Shapes.anyDim(r, shape);
    int size = r.between(1, (int) Shapes.size(dim, shape));
    int step = r.between(1, 3);
    return Sample.of("x0.unfold({}, {}, {})", dim, size, step)
        .ours(x -> x[0].unfold(dim, size, step))
        .args(Arg.of(t, shape));
  }

  /** Of a copy, since which part of the storage a layout may show differs between the two sides. */
  private static Sample asStrided(Rng r, DType t) {
    long[] sizes = Shapes.nonEmpty(r, 0, 3);
    long[] strides = new long[sizes.length];
    Arrays.setAll(strides, d -> r.between(0, 3));
    int offset = r.between(0, 3);
    long reach = offset + 1;
    for (int d = 0; d < sizes.length; d++) {
      reach += (sizes[d] - 1) * strides[d];
    }
    return Sample.of("x0.clone().as_strided({}, {}, {})", sizes, strides, offset)
        .ours(x -> x[0].contiguous().clone().asStrided(sizes, strides, offset))
        .args(Arg.of(t, reach));
  }

  private static long[] times(Rng r, int count) {
    long[] times = new long[count];
    Arrays.setAll(times, d -> r.oneIn(10) ? 0 : r.between(1, 3));
    return times;
  }

  private static Sample repeat(Rng r, DType t) {
    long[] shape = Shapes.of(r, 0, 3);
    long[] times = times(r, shape.length + r.between(0, 1));
    return Sample.of("x0.repeat({})", times).ours(x -> x[0].repeat(times)).args(Arg.of(t, shape));
  }

  private static Sample tile(Rng r, DType t) {
    long[] shape = Shapes.of(r, 0, 3);
    long[] times = times(r, r.between(1, 4));
    return Sample.of("torch.tile(x0, {})", times)
        .ours(x -> x[0].tile(times))
        .args(Arg.of(t, shape));
  }

  private static Sample flip(Rng r, DType t) {
    long[] shape = Shapes.of(r, 1, 4);
    int[] dims = Shapes.dims(r, shape);
    return Sample.of("torch.flip(x0, {})", dims).ours(x -> x[0].flip(dims)).args(Arg.of(t, shape));
  }

  private static Sample roll(Rng r, DType t) {
    int shift = r.between(-9, 9);
    return Sample.of("torch.roll(x0, {})", shift)
        .ours(x -> x[0].roll(shift))
        .args(Arg.of(t, Shapes.of(r, 1, 4)));
  }

  private static Sample rollDims(Rng r, DType t) {
    long[] shape = Shapes.of(r, 1, 4);
    int[] dims = Shapes.dims(r, shape);
    long[] shifts = new long[dims.length];
    Arrays.setAll(shifts, i -> r.between(-9, 9));
    return Sample.of("torch.roll(x0, {}, {})", shifts, dims)
        .ours(x -> x[0].roll(shifts, dims))
        .args(Arg.of(t, shape));
  }

  private static Sample rot90(Rng r, DType t) {
    long[] shape = Shapes.of(r, 2, 4);
    int[] order = Shapes.order(r, shape.length);
    int k = r.between(-5, 5);
    return Sample.of("torch.rot90(x0, {}, [{}, {}])", k, order[0], order[1])
        .ours(x -> x[0].rot90(k, order[0], order[1]))
        .args(Arg.of(t, shape));
  }

  private static Sample catOfTypes(Rng r, DType t) {
    long[] shape = Shapes.of(r, 1, 3);
    DType other = r.small() ? t : ALL.any(r);
    return Sample.of("torch.cat([x0, x1, x2], -1)")
        .ours(x -> Tensor.cat(List.of(x), -1))
        .args(Arg.of(t, shape), Arg.of(other, shape), Arg.of(t, r.oneIn(3) ? new long[1] : shape));
  }

  private static Sample stacked(
      Rng r, DType t, String name, java.util.function.Function<List<Tensor>, Tensor> ours) {
    long[] shape = Shapes.of(r, 0, 4);
    return Sample.of("torch." + name + "([x0, x1])")
        .ours(x -> ours.apply(List.of(x)))
        .args(Arg.of(t, shape), Arg.of(t, shape));
  }

  private static Sample broadcastTensors(Rng r, DType t) {
    long[][] shapes = Shapes.broadcast(r, 3);
    return Sample.of("torch.broadcast_tensors([x0, x1, x2])")
        .ours(x -> Tensor.broadcastTensors(List.of(x)))
        .args(Arg.of(t, shapes));
  }

  private static Sample meshgrid(Rng r, DType t, boolean xy) {
    return Sample.of("torch.meshgrid([x0, x1, x2], indexing={})", xy ? "'xy'" : "'ij'")
        .ours(x -> xy ? Tensor.meshgridXy(List.of(x)) : Tensor.meshgrid(List.of(x)))
        .args(
            Arg.of(t, r.between(1, 4)), Arg.of(t, Shapes.of(r, 0, 1)), Arg.of(t, r.between(1, 3)));
  }

  private static Sample bits(Rng r, DType t) {
    DType to = t == DType.BOOL ? DType.UINT8 : ALL.without(DType.BOOL).any(r);
    long[] shape = Shapes.nonEmpty(r, 1, 3);
    return Sample.of("torch.view_copy(x0.contiguous().clone(), dtype={})", to)
        .ours(x -> x[0].contiguous().clone().view(to))
        .args(Arg.of(t, Shapes.with(shape, -1, 8)).plain().noGrad());
  }

  private static Sample arange(Rng r, DType t) {
    double start = r.between(-8, 8) / 2.0;
    double step = r.nextBoolean() ? r.between(1, 5) / 4.0 : -r.between(1, 5) / 4.0;
    double end = start + step * r.between(0, 12) + (step > 0 ? 0.1 : -0.1);
    return Sample.of("torch.arange({}, {}, {}, dtype={})", start, end, step, t)
        .ours(x -> Tensor.arange(start, end, step, t));
  }

  private static Sample linspace(Rng r, DType t) {
    double start = r.between(-8, 8) / 2.0;
    double end = r.between(-8, 8) / 2.0;
    int steps = r.between(0, 12);
    return Sample.of("torch.linspace({}, {}, {}, dtype={})", start, end, steps, t)
        .ours(x -> Tensor.linspace(start, end, steps, t));
  }

  private static Sample logspace(Rng r, DType t) {
    double start = r.between(-4, 4) / 2.0;
    double end = r.between(-4, 4) / 2.0;
    int steps = r.between(0, 12);
    return Sample.of("torch.logspace({}, {}, {}, base=2.0, dtype={})", start, end, steps, t)
        .ours(x -> Tensor.logspace(start, end, steps, 2.0, t));
  }

  private static Sample eye(Rng r, DType t) {
    int n = r.between(0, 5);
    int m = r.between(0, 5);
    return Sample.of("torch.eye({}, {}, dtype={})", n, m, t).ours(x -> Tensor.eye(n, m, t));
  }

  private static Sample fullLike(Rng r, DType t) {
    int value = r.between(0, 100);
    return Sample.of("torch.full_like(x0, {})", value)
        .ours(x -> Tensor.fullLike(x[0], value))
        .args(Arg.of(t, Shapes.any(r)).noGrad());
  }

  private static OpInfo op(String name, OpInfo.Sampler sampler) {
    return OpInfo.of(name, ALL, sampler).grad(2).exact().fast();
  }

  private static Sample transpose(Rng r, DType t) {
    long[] shape = Shapes.any(r);
    int a = Shapes.anyDim(r, shape);
    int b = Shapes.anyDim(r, shape);
    return Sample.of("x0.transpose({}, {})", a, b)
        .ours(x -> x[0].transpose(a, b))
        .args(Arg.of(t, shape));
  }

  private static Sample permute(Rng r, DType t) {
    long[] shape = Shapes.any(r);
    int[] order = Shapes.order(r, shape.length);
    return Sample.of("x0.permute({})", order).ours(x -> x[0].permute(order)).args(Arg.of(t, shape));
  }

  private static Sample t(Rng r, DType t) {
    return Sample.of("x0.t()").ours(x -> x[0].t()).args(Arg.of(t, Shapes.of(r, 2, 2)));
  }

  private static Sample narrow(Rng r, DType t) {
    long[] shape = Shapes.of(r, 1, 5);
    int dim = Shapes.anyDim(r, shape);
    int size = (int) Shapes.size(dim, shape);
    int from = r.between(0, size);
    int length = r.between(0, size - from);
    return Sample.of("x0.narrow({}, {}, {})", dim, from, length)
        .ours(x -> x[0].narrow(dim, from, length))
        .args(Arg.of(t, shape));
  }

  private static Sample slice(Rng r, DType t) {
    long[] shape = Shapes.of(r, 1, 5);
    int dim = Shapes.anyDim(r, shape);
    int size = (int) Shapes.size(dim, shape);
    int start = r.between(-size - 2, size + 2);
    int end = r.between(-size - 2, size + 2);
    int step = r.between(1, 3);
    return Sample.of("torch.slice(x0, {}, {}, {}, {})", dim, start, end, step)
        .ours(x -> x[0].slice(dim, start, end, step))
        .args(Arg.of(t, shape));
  }

  private static Sample select(Rng r, DType t) {
    long[] shape = Shapes.nonEmpty(r, 1, 5);
    int dim = Shapes.anyDim(r, shape);
    int size = (int) Shapes.size(dim, shape);
    int index = r.between(-size, size - 1);
    return Sample.of("x0.select({}, {})", dim, index)
        .ours(x -> x[0].select(dim, index))
        .args(Arg.of(t, shape));
  }

  private static Sample unsqueeze(Rng r, DType t) {
    long[] shape = Shapes.any(r);
    int dim = r.between(-shape.length - 1, shape.length);
    return Sample.of("x0.unsqueeze({})", dim).ours(x -> x[0].unsqueeze(dim)).args(Arg.of(t, shape));
  }

  private static Sample squeeze(Rng r, DType t) {
    long[] any = Shapes.any(r);
    int dim = Shapes.anyDim(r, any);
    long[] shape = any.length > 0 && r.nextBoolean() ? Shapes.with(any, dim, 1) : any;
    return Sample.of("x0.squeeze({})", dim).ours(x -> x[0].squeeze(dim)).args(Arg.of(t, shape));
  }

  private static Sample view(Rng r, DType t) {
    long[] to = Shapes.any(r);
    long[] named = Shapes.guessed(r, to);
    return Sample.of("x0.view({})", named)
        .ours(x -> x[0].view(named))
        .args(Arg.of(t, Shapes.sameNumel(r, to)));
  }

  private static Sample reshape(Rng r, DType t) {
    long[] to = Shapes.any(r);
    long[] named = Shapes.guessed(r, to);
    return Sample.of("x0.reshape({})", named)
        .ours(x -> x[0].reshape(named))
        .args(Arg.of(t, Shapes.sameNumel(r, to)));
  }

  private static Sample flatten(Rng r, DType t) {
    long[] shape = Shapes.any(r);
    int start = Shapes.anyDim(r, shape);
    return Sample.of("torch.flatten(x0, {})", start)
        .ours(x -> x[0].flatten(start))
        .args(Arg.of(t, shape));
  }

  private static Sample expand(Rng r, DType t) {
    long[] to = Shapes.any(r);
    long[] from = Shapes.broadcastTo(r, to);
    long[] named = to.clone();
    for (int d = to.length - from.length; d < to.length; d++) {
      named[d] = from[d - to.length + from.length] == to[d] && r.oneIn(4) ? -1 : to[d];
    }
    return Sample.of("x0.expand({})", named).ours(x -> x[0].expand(named)).args(Arg.of(t, from));
  }

  private static Sample contiguous(Rng r, DType t) {
    return Sample.of("x0.contiguous()").ours(x -> x[0].contiguous()).args(Arg.of(t, Shapes.any(r)));
  }

  private static Sample detach(Rng r, DType t) {
    return Sample.of("x0.detach()").ours(x -> x[0].detach()).args(Arg.of(t, Shapes.any(r)));
  }

  private static Sample joined(Rng r, DType t, boolean stack) {
    long[] shape = Shapes.of(r, stack ? 0 : 1, 4);
    int dims = shape.length + (stack ? 1 : 0);
    int dim = r.between(-dims, dims - 1);
    Arg[] args = new Arg[r.between(1, 4)];
    List<String> names = new ArrayList<>();
    for (int i = 0; i < args.length; i++) {
      args[i] = Arg.of(t, stack ? shape : Shapes.with(shape, dim, r.between(0, 4)));
      names.add("x" + i);
    }
    return Sample.of((stack ? "torch.stack({}, {})" : "torch.cat({}, {})"), names, dim)
        .ours(x -> stack ? Tensor.stack(List.of(x), dim) : Tensor.cat(List.of(x), dim))
        .args(args);
  }

  /** Up to five views one on the other, with a product at the end so that strides are read. */
  private static final class ViewChain {
    static Sample sample(Rng r, DType t) {
      long[] start = Shapes.nonEmpty(r, 1, 3);
      long[] shape = start;
      Sample chain = Sample.of("x0").ours(x -> x[0]);
      for (int i = r.between(1, 5); i > 0 && shape.length > 0; i--) {
        long[] now = shape;
        Sample step = step(r, now);
        String script = step.script().replace("x0", chain.script());
        var before = chain.ours();
        chain =
            new Sample(
                script,
                x -> step.ours().apply(new Tensor[] {(Tensor) before.apply(x)}),
                null,
                null,
                List.of());
        shape = result(step, now);
      }
      var views = chain.ours();
      return Sample.of("torch.mul(x0, x0)".replace("x0", chain.script()))
          .ours(
              x -> {
                Tensor v = (Tensor) views.apply(x);
                return v.mul(v);
              })
          .args(Arg.of(t, start));
    }

    private static long[] result(Sample step, long... shape) {
      Tensor x = Values.of(DType.FLOAT64, shape, new double[Shapes.numel(shape)]).ours();
      return ((Tensor) step.ours().apply(new Tensor[] {x})).shape();
    }

    private static Sample step(Rng r, long... shape) {
      int d = r.nextInt(shape.length);
      int size = (int) shape[d];
      switch (r.nextInt(7)) {
        case 0:
          int e = r.nextInt(shape.length);
          return Sample.of("x0.transpose({}, {})", d, e).ours(x -> x[0].transpose(d, e));
        case 1:
          int from = r.nextInt(size);
          int length = r.between(1, size - from);
          return Sample.of("x0.narrow({}, {}, {})", d, from, length)
              .ours(x -> x[0].narrow(d, from, length));
        case 2:
          int step = r.between(1, 3);
          return Sample.of("torch.slice(x0, {}, {}, {}, {})", d, -size, Long.MAX_VALUE, step)
              .ours(x -> x[0].slice(d, -size, Long.MAX_VALUE, step));
        case 3:
          return Sample.of("x0.unsqueeze({})", d).ours(x -> x[0].unsqueeze(d));
        case 4:
          return Sample.of("x0.reshape([-1])").ours(x -> x[0].reshape(-1));
        case 5:
          int index = r.between(-size, size - 1);
          return Sample.of("x0.select({}, {})", d, index).ours(x -> x[0].select(d, index));
        default:
          long[] larger =
              Shapes.prepend(
                  3,
                  IntStream.range(0, shape.length)
                      .mapToLong(i -> shape[i] == 1 ? 2 : shape[i])
                      .toArray());
          return Sample.of("x0.expand({})", larger).ours(x -> x[0].expand(larger));
      }
    }
  }
}
