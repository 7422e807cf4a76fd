package dev.bellows.oracle;

import static dev.bellows.oracle.OpInfo.ALL;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
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
        op("stack", (r, t) -> joined(r, t, true)));
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
