package dev.bellows.oracle;

import static dev.bellows.oracle.OpInfo.ALL;
import static dev.bellows.oracle.OpInfo.NUMERIC;
import static dev.bellows.oracle.OpInfo.types;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Products of matrices. */
final class LinalgOps {
  private static final OpInfo.Types WIDE = types(DType.FLOAT32, DType.FLOAT64);

  private LinalgOps() {}

  static List<OpInfo> all() {
    return List.of(
        product("matmul", LinalgOps::matmul),
        product("mm", LinalgOps::mm),
        product("bmm", LinalgOps::bmm),
        product("mv", LinalgOps::mv),
        product("dot", (r, t) -> dot(r, t, "dot")),
        product("vdot", (r, t) -> dot(r, t, "vdot")),
        product("inner", LinalgOps::inner),
        OpInfo.of("outer", ALL, (r, t) -> outer(r, t, "outer")).grad(2),
        OpInfo.of("ger", ALL, (r, t) -> outer(r, t, "ger")).grad(2),
        product("addmm", LinalgOps::addmm),
        product("addmv", LinalgOps::addmv),
        product("addbmm", LinalgOps::addbmm),
        product("baddbmm", LinalgOps::baddbmm),
        OpInfo.of("addr", NUMERIC, LinalgOps::addr).grad(2).scaled(),
        product("chainMatmul", LinalgOps::chainMatmul),
        OpInfo.of("kron", ALL, LinalgOps::kron).grad(2),
        product("tensordot", LinalgOps::tensordot),
        product("tensordot of named dimensions", LinalgOps::tensordotDims),
        product("einsum", LinalgOps::einsum),
        OpInfo.of("einsum of one operand", NUMERIC, LinalgOps::einsumOfOne).grad(2).scaled(),
        OpInfo.of("cross", NUMERIC, LinalgOps::cross).grad(2).scaled(),
        // libtorch has no trace of halves
        OpInfo.of("trace", NUMERIC.without(DType.FLOAT16, DType.BFLOAT16), LinalgOps::trace)
            .grad(2)
            .scaled(),
        OpInfo.of("cdist", WIDE, LinalgOps::cdist).grad(1).scaled().noSpecialValues());
  }

  private static OpInfo product(String name, OpInfo.Sampler sampler) {
    return OpInfo.of(name, NUMERIC, sampler).grad(2).fast().scaled().noSpecialValues();
  }

  /** The size of a matrix, now and then 0. */
  static int size(Rng r) {
    return r.small() ? r.between(1, 2) : r.oneIn(20) ? 0 : r.between(1, 20);
  }

  private static Arg[] factors(DType t, long[]... shapes) {
    return Arrays.stream(Arg.of(t, shapes)).map(a -> a.floatsIn(-1, 1)).toArray(Arg[]::new);
  }

  private static Sample matmul(Rng r, DType t) {
    long m = size(r);
    long k = size(r);
    long n = size(r);
    long b = r.small() ? 2 : r.between(1, 4);
    long c = r.small() ? 1 : r.between(1, 3);
    long[][][] forms = {
      {{m, k}, {k, n}},
      {{k}, {k}},
      {{m, k}, {k}},
      {{k}, {k, n}},
      {{b, m, k}, {b, k, n}},
      {{b, m, k}, {k, n}},
      {{m, k}, {b, k, n}},
      {{c, 1, m, k}, {b, k, n}},
      {{c, b, m, k}, {1, k, n}},
      {{b, m, k}, {k}},
      {{k}, {b, k, n}},
      {{c, b, m, k}, {c, b, k, n}}
    };
    return Sample.of("torch.matmul(x0, x1)")
        .ours(x -> x[0].matmul(x[1]))
        .args(factors(t, r.pick(forms)));
  }

  private static Sample mm(Rng r, DType t) {
    long k = size(r);
    boolean out = r.oneIn(4);
    Sample sample =
        out
            ? Sample.of("torch.mm(x0.detach(), x1.detach())")
                .ours(
                    x -> {
                      Tensor a = x[0].detach();
                      Tensor room = Tensor.on(a.device()).zeros(t, a.size(0), x[1].size(1));
                      return Tensor.mmOut(room, a, x[1].detach());
                    })
            : Sample.of("torch.mm(x0, x1)").ours(x -> x[0].mm(x[1]));
    return sample.args(factors(t, new long[] {size(r), k}, new long[] {k, size(r)}));
  }

  private static Sample bmm(Rng r, DType t) {
    long k = size(r);
    long b = r.between(0, 3);
    return Sample.of("torch.bmm(x0, x1)")
        .ours(x -> x[0].bmm(x[1]))
        .args(factors(t, new long[] {b, size(r), k}, new long[] {b, k, size(r)}));
  }

  private static Sample mv(Rng r, DType t) {
    long k = size(r);
    return Sample.of("torch.mv(x0, x1)")
        .ours(x -> x[0].mv(x[1]))
        .args(factors(t, new long[] {size(r), k}, new long[] {k}));
  }

  private static Sample dot(Rng r, DType t, String name) {
    long[] shape = {size(r)};
    return Sample.of("torch.{}(x0, x1)", name)
        .ours(x -> name.equals("dot") ? x[0].dot(x[1]) : x[0].vdot(x[1]))
        .args(factors(t, shape, shape));
  }

  private static Sample inner(Rng r, DType t) {
    long k = size(r);
    long[][][] forms = {
      {{k}, {k}}, {{2, k}, {k}}, {{2, 3, k}, {4, k}}, {{k}, {2, k}}, {{}, {2, k}}, {{k}, {}}
    };
    return Sample.of("torch.inner(x0, x1)")
        .ours(x -> x[0].inner(x[1]))
        .args(factors(t, r.pick(forms)));
  }

  private static Sample outer(Rng r, DType t, String name) {
    Arg second = Arg.of(r.oneIn(4) ? ALL.any(r) : t, size(r));
    return Sample.of("torch.{}(x0, x1)", name)
        .ours(x -> name.equals("ger") ? x[0].ger(x[1]) : x[0].outer(x[1]))
        .args(Arg.of(t, size(r)), r.small() ? Arg.of(t, size(r)) : second);
  }

  /** A factor that fits the type; now and then 0 or 1. */
  private static Number factor(Rng r, DType t) {
    if (!t.isFloatingPoint()) {
      return r.between(0, 3);
    }
    return r.pick(0.0, 1.0, 0.5, -1.5);
  }

  private interface Sum {
    Tensor apply(Tensor self, Tensor a, Tensor b, Number beta, Number alpha);
  }

  private static Sample sum(
      Rng r, DType t, String name, Sum ours, Sum inPlace, long[] out, long[]... shapes) {
    Number beta = factor(r, t);
    Number alpha = factor(r, t);
    // libtorch's addmv forgets to broadcast where the sum has no terms.
    boolean whole = r.nextBoolean() || name.equals("addmv");
    long[] self = whole ? out : Shapes.broadcastTo(r, out);
    Sample sample =
        Sample.of("torch." + name + "(x0, x1, x2, beta={}, alpha={})", beta, alpha)
            .ours(x -> ours.apply(x[0], x[1], x[2], beta, alpha));
    if (whole) {
      sample =
          sample.inPlace(
              x -> inPlace.apply(x[0], x[1], x[2], beta, alpha),
              "x0." + name + "_(x1, x2, beta={}, alpha={})",
              beta,
              alpha);
    }
    Arg[] args = factors(t, self, shapes[0], shapes[1]);
    if (alpha.doubleValue() == 0) { // whether NaN times 0 is left out depends on libtorch's BLAS
      args = Arrays.stream(args).map(Arg::plain).toArray(Arg[]::new);
    }
    return sample.args(args);
  }

  private static Sample addmm(Rng r, DType t) {
    long m = size(r);
    long k = size(r);
    long n = size(r);
    return sum(
        r,
        t,
        "addmm",
        Tensor::addmm,
        Tensor::addmm_,
        new long[] {m, n},
        new long[] {m, k},
        new long[] {k, n});
  }

  private static Sample addmv(Rng r, DType t) {
    long m = size(r);
    long k = size(r);
    return sum(
        r,
        t,
        "addmv",
        Tensor::addmv,
        Tensor::addmv_,
        new long[] {m},
        new long[] {m, k},
        new long[] {k});
  }

  private static Sample addbmm(Rng r, DType t) {
    long m = size(r);
    long k = size(r);
    long n = size(r);
    long b = r.between(1, 3);
    return sum(
        r,
        t,
        "addbmm",
        Tensor::addbmm,
        Tensor::addbmm_,
        new long[] {m, n},
        new long[] {b, m, k},
        new long[] {b, k, n});
  }

  private static Sample baddbmm(Rng r, DType t) {
    long m = size(r);
    long k = size(r);
    long n = size(r);
    long b = r.between(1, 3);
    return sum(
        r,
        t,
        "baddbmm",
        Tensor::baddbmm,
        Tensor::baddbmm_,
        new long[] {b, m, n},
        new long[] {b, m, k},
        new long[] {b, k, n});
  }

  private static Sample addr(Rng r, DType t) {
    long m = size(r);
    long n = size(r);
    return sum(
        r,
        t,
        "addr",
        Tensor::addr,
        Tensor::addr_,
        new long[] {m, n},
        new long[] {m},
        new long[] {n});
  }

  private static Sample chainMatmul(Rng r, DType t) {
    int n = r.between(2, r.small() ? 3 : 5);
    long[] sizes = new long[n + 1];
    Arrays.setAll(sizes, i -> r.small() ? r.between(1, 2) : r.between(1, 8));
    List<String> names = new ArrayList<>();
    Arg[] args = new Arg[n];
    for (int i = 0; i < n; i++) {
      names.add("x" + i);
      args[i] = Arg.of(t, sizes[i], sizes[i + 1]).in(t.isFloatingPoint() ? -1 : 0, 2);
    }
    return Sample.of("torch.chain_matmul({})", names)
        .ours(x -> Tensor.chainMatmul(List.of(x)))
        .args(args);
  }

  /** libtorch refuses some layouts. */
  private static Sample kron(Rng r, DType t) {
    return Sample.of("torch.kron(x0.clone(memory_format=0), x1.clone(memory_format=0))")
        .ours(x -> x[0].kron(x[1]))
        .args(
            Arg.of(t, Shapes.of(r, 0, 3)),
            Arg.of(r.oneIn(3) && !r.small() ? ALL.any(r) : t, Shapes.of(r, 0, 2)));
  }

  private static Sample tensordot(Rng r, DType t) {
    long[] full = Shapes.of(r, 0, 3);
    int dims = r.between(0, full.length);
    long[] rest = Shapes.nonEmpty(r, 0, 1);
    long[] second = Arrays.copyOf(full, dims + rest.length);
    System.arraycopy(full, full.length - dims, second, 0, dims);
    System.arraycopy(rest, 0, second, dims, rest.length);
    return Sample.of("torch.tensordot(x0, x1, {}, {})", last(dims), first(dims))
        .ours(x -> Tensor.tensordot(x[0], x[1], dims))
        .args(factors(t, full, second));
  }

  private static int[] last(int dims) {
    int[] out = new int[dims];
    Arrays.setAll(out, i -> i - dims);
    return out;
  }

  private static int[] first(int dims) {
    int[] out = new int[dims];
    Arrays.setAll(out, i -> i);
    return out;
  }

  private static Sample tensordotDims(Rng r, DType t) {
    long[] shape = Shapes.nonEmpty(r, 1, 3);
    int[] a = Shapes.dims(r, shape);
    int[] order = Shapes.order(r, a.length + 1);
    long[] second = new long[a.length + 1];
    Arrays.fill(second, 3);
    int[] b = new int[a.length];
    for (int i = 0; i < a.length; i++) {
      b[i] = order[i];
      boolean one = !r.small() && r.oneIn(8);
      second[b[i] < 0 ? b[i] + second.length : b[i]] = one ? 1 : Shapes.size(a[i], shape);
    }
    return Sample.of("torch.tensordot(x0, x1, {}, {})", a, b)
        .ours(x -> Tensor.tensordot(x[0], x[1], a, b))
        .args(factors(t, shape, second));
  }

  private static final String[] EQUATIONS = {
    "ij,jk->ik",
    "ij,jk",
    "ij , kj -> k i",
    "bij,bjk->bik",
    "bhid,bhjd->bhij",
    "i,i->",
    "i,j->ij",
    "i,i->i",
    "ij,ij->j",
    "ij,j->i",
    "ii,i->i",
    "iij,jj->i",
    "ij,kl->",
    "ij,kl->jl",
    "...ij,...jk->...ik",
    "...ij,jk",
    "i...,i...->...",
    "...,...",
    "aB,Bc->ca",
    "Ab,bA->A",
    "ij,jk,kl->il",
    "i,ij,j->",
    "i,i,i->i",
    "bn,anm,bm->ba",
    "ij,,jk->ik"
  };

  private static Sample einsum(Rng r, DType t) {
    return einsum(r, t, r.pick(EQUATIONS));
  }

  private static Sample einsumOfOne(Rng r, DType t) {
    String[] equations = {
      "ij->ji",
      "ij->",
      "ij->j",
      "ii->i",
      "ii->",
      "ii",
      "ijk->kij",
      "i...->...i",
      "...->...",
      "...ii->...i",
      "iii->i",
      "iji->ji",
      "ba",
      "i...->",
      ""
    };
    return einsum(r, t, r.pick(equations));
  }

  /** Sizes for each letter, and for the dimensions of ellipses; now and then 1 where it repeats. */
  private static Sample einsum(Rng r, DType t, String equation) {
    long[] sizes = new long[128];
    Arrays.setAll(sizes, c -> r.small() ? r.between(1, 2) : r.between(1, 5));
    long[] dots = new long[r.between(0, r.small() ? 1 : 2)];
    Arrays.setAll(dots, d -> r.between(1, 3));
    String left = equation.split("->")[0].replace(" ", "");
    List<Arg> args = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (String operand : left.split(",", -1)) {
      List<Long> shape = new ArrayList<>();
      for (char c : operand.replace("...", ".").toCharArray()) {
        if (c == '.') {
          Arrays.stream(dots).forEach(shape::add);
        } else {
          boolean one = !r.small() && r.oneIn(10) && operand.indexOf(c) == operand.lastIndexOf(c);
          shape.add(one ? 1 : sizes[c]);
        }
      }
      names.add("x" + args.size());
      args.add(Arg.of(t, shape.stream().mapToLong(n -> n).toArray()).floatsIn(-1, 1));
    }
    return Sample.of("torch.einsum('{}', {})", equation, names)
        .ours(x -> Tensor.einsum(equation, x))
        .args(args.toArray(Arg[]::new));
  }

  private static Sample cross(Rng r, DType t) {
    long[] shape = Shapes.nonEmpty(r, 1, 3);
    int dim = Shapes.anyDim(r, shape);
    shape[dim < 0 ? dim + shape.length : dim] = 3;
    long[] other = shape.clone();
    for (int d = 0; d < shape.length; d++) {
      other[d] = shape[d] != 3 && r.oneIn(4) ? 1 : shape[d];
    }
    boolean named = r.nextBoolean() || !Arrays.equals(shape, other);
    Sample sample =
        named
            ? Sample.of("torch.linalg.cross(x0, x1, dim={})", dim).ours(x -> x[0].cross(x[1], dim))
            : Sample.of("torch.cross(x0, x1)").ours(x -> x[0].cross(x[1]));
    return sample.args(Arg.of(t, shape), Arg.of(t, other));
  }

  /** libtorch's gradient of a matrix with more rows than columns is not that of its sum. */
  private static Sample trace(Rng r, DType t) {
    long m = size(r);
    return Sample.of("torch.trace(x0)").ours(x -> x[0].trace()).args(Arg.of(t, m, m + size(r)));
  }

  private static Sample cdist(Rng r, DType t) {
    long k = r.between(1, r.small() ? 2 : 6);
    long m = r.between(1, r.small() ? 2 : 8);
    long n = r.between(1, r.small() ? 2 : 8);
    double p = r.pick(2.0, 1.0, 3.0, Double.POSITIVE_INFINITY, 2.5);
    long[][][] forms = {{{m, k}, {n, k}}, {{2, m, k}, {1, n, k}}, {{m, k}, {2, n, k}}};
    return Sample.of("torch.cdist(x0, x1, {})", p)
        .ours(x -> x[0].cdist(x[1], p))
        .args(Arrays.stream(Arg.of(t, r.pick(forms))).map(Arg::plain).toArray(Arg[]::new));
  }
}
