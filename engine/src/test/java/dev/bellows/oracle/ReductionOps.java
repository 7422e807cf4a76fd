package dev.bellows.oracle;

import static dev.bellows.oracle.OpInfo.ALL;
import static dev.bellows.oracle.OpInfo.FLOATING;
import static dev.bellows.oracle.OpInfo.INTEGRAL;
import static dev.bellows.oracle.OpInfo.NUMERIC;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Interpolation;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.UniqueResult;
import dev.bellows.tensor.ValuesAndIndices;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Operations that make one element of many. */
final class ReductionOps {
  private ReductionOps() {}

  static List<OpInfo> all() {
    List<OpInfo> all = new ArrayList<>();
    all.addAll(sums());
    all.addAll(extremes());
    all.addAll(scans());
    all.addAll(sorts());
    all.addAll(counts());
    return all;
  }

  private static List<OpInfo> sums() {
    return List.of(
        overDims("sum", ALL, Tensor::sum).grad(2).fast().scaled(),
        overDims("nansum", ALL, Tensor::nansum).grad(2).scaled(),
        overDims("mean", FLOATING, Tensor::mean).grad(2).fast().scaled(),
        overDims("nanmean", FLOATING, Tensor::nanmean).grad(2).scaled(),
        overDims("all", ALL, Tensor::all),
        overDims("any", ALL, Tensor::any),
        overDims("logSumExp", "logsumexp", ALL, Tensor::logSumExp).grad(2),
        whole("sum of all", ALL, "torch.sum(x0)", Tensor::sum).grad(2).fast().scaled(),
        whole("mean of all", FLOATING, "torch.mean(x0)", Tensor::mean).grad(2).fast().scaled(),
        whole("all of all", ALL, "torch.all(x0)", Tensor::all),
        whole("any of all", ALL, "torch.any(x0)", Tensor::any),
        // Where FLOAT32 products pass through 0 on the way, infinities after it make libtorch's
        // NaN.
        whole("prod of all", ALL, "torch.prod(x0)", Tensor::prod)
            .grad(2)
            .scaled()
            .noSpecialValues(),
        overDim("prod", ALL, Tensor::prod).grad(2).scaled().noSpecialValues(),
        whole("var of all", WIDE, "torch.var(x0)", Tensor::var).grad(2).scaled(),
        OpInfo.of(
                "std of all",
                WIDE,
                (r, t) ->
                    Sample.of("torch.std(x0)")
                        .ours(x -> x[0].std())
                        .args(different(r, t, Shapes.any(r))))
            .grad(2)
            .scaled(),
        spread("var", Tensor::var).grad(2).scaled(),
        spread("std", Tensor::std).grad(2).scaled(),
        OpInfo.of("norm", FLOATING, ReductionOps::norm).grad(2).scaled().noSpecialValues(),
        OpInfo.of("dist", WIDE, ReductionOps::dist).grad(1).scaled().noSpecialValues(),
        OpInfo.of("countNonzero", ALL, ReductionOps::countNonzero).exact());
  }

  private static List<OpInfo> extremes() {
    return List.of(
        overDims("amax", ALL, Tensor::amax).grad(2).fast(),
        overDims("amin", ALL, Tensor::amin).grad(2).fast(),
        whole("max of all", ALL, "torch.max(x0)", Tensor::max).grad(2),
        whole("min of all", ALL, "torch.min(x0)", Tensor::min).grad(2),
        overDim("max", ALL, (x, d, k) -> pair(x.max(d, k))).grad(2),
        overDim("min", ALL, (x, d, k) -> pair(x.min(d, k))).grad(2),
        overDim("argmax", NUMERIC, Tensor::argmax),
        overDim("argmin", NUMERIC, Tensor::argmin),
        whole("argmax of all", NUMERIC, "torch.argmax(x0)", Tensor::argmax),
        whole("argmin of all", NUMERIC, "torch.argmin(x0)", Tensor::argmin));
  }

  private static List<OpInfo> scans() {
    return List.of(
        along("cumsum", ALL, Tensor::cumsum, Tensor::cumsum_).grad(2).scaled(),
        along("cumprod", ALL, Tensor::cumprod, Tensor::cumprod_).grad(2).scaled(),
        along("logCumSumExp", "logcumsumexp", FLOATING, Tensor::logCumSumExp).grad(2).scaled(),
        // One element may get 40 gradients, added up in the type.
        along("cummax", ALL, (x, d) -> pair(x.cummax(d)), null).grad(2).tolerance(4),
        along("cummin", ALL, (x, d) -> pair(x.cummin(d)), null).grad(2).tolerance(4),
        OpInfo.of("diff", ALL, ReductionOps::diff).grad(2));
  }

  private static List<OpInfo> sorts() {
    return List.of(
        OpInfo.of("sort", ALL, ReductionOps::sort).grad(2).exact(),
        OpInfo.of("argsort", ALL, ReductionOps::argsort).exact(),
        whole("msort", ALL, "torch.msort(x0)", Tensor::msort, 1),
        OpInfo.of("topk", LARGE, ReductionOps::topk).grad(2),
        OpInfo.of("kthvalue", LARGE, ReductionOps::kthvalue).grad(2),
        values("topk values", "torch.topk(x0, 1, {})", NUMERIC, (x, d, k) -> x.topk(1, d, true)),
        values(
            "kthvalue values",
            "torch.kthvalue(x0, 1, {})",
            NUMERIC,
            (x, d, k) -> x.kthvalue(1, d, false)),
        whole("median of all", NUMERIC, "torch.median(x0)", Tensor::median, 1),
        whole(
            "nanmedian of all", NUMERIC, "torch.nanmedian(x0.contiguous())", Tensor::nanmedian, 1),
        values("median", NUMERIC, (x, d, k) -> x.median(d, k).values()).grad(2),
        values("nanmedian", NUMERIC, (x, d, k) -> x.nanmedian(d, k).values()),
        // libtorch sorts NaN to anywhere there and below
        values("mode", NUMERIC, (x, d, k) -> x.mode(d, k).values()).noSpecialValues().borders(-1),
        OpInfo.of("quantile", WIDE, (r, t) -> quantile(r, t, "quantile")).grad(2),
        OpInfo.of("nanquantile", WIDE, (r, t) -> quantile(r, t, "nanquantile")).grad(2),
        OpInfo.of("searchsorted", NUMERIC, ReductionOps::searchsorted).exact(),
        OpInfo.of("bucketize", NUMERIC, ReductionOps::bucketize).exact(),
        OpInfo.of("isin", NUMERIC, ReductionOps::isin).exact());
  }

  private static List<OpInfo> counts() {
    return List.of(
        whole(
                "unique",
                ALL,
                "torch._unique2(x0, True, True, True)",
                x -> {
                  UniqueResult u = x.unique();
                  return new Tensor[] {u.values(), u.inverse(), u.counts()};
                },
                0)
            .noSpecialValues()
            .borders(-1), // several NaN come in any order
        whole(
            "uniqueConsecutive",
            ALL,
            "torch.unique_consecutive(x0, True, True)",
            x -> {
              UniqueResult u = x.uniqueConsecutive();
              return new Tensor[] {u.values(), u.inverse(), u.counts()};
            },
            0),
        OpInfo.of("unique of a dimension", ALL, ReductionOps::uniqueDim)
            .noSpecialValues()
            .borders(-1),
        OpInfo.of("bincount", INTEGRAL, ReductionOps::bincount),
        OpInfo.of("histc", WIDE, ReductionOps::histc).noSpecialValues());
  }

  private static final OpInfo.Types WIDE = OpInfo.types(DType.FLOAT32, DType.FLOAT64);

  /** Types that can hold as many different numbers as there are elements. */
  private static final OpInfo.Types LARGE =
      OpInfo.types(DType.FLOAT32, DType.FLOAT64, DType.INT64, DType.INT32);

  private static Tensor[] pair(ValuesAndIndices both) {
    return new Tensor[] {both.values(), both.indices()};
  }

  private static OpInfo spread(String name, Spread ours) {
    return OpInfo.of(
        name,
        FLOATING,
        (r, t) -> {
          long[] shape = Shapes.of(r, 1, 4);
          int[] dims = Shapes.dims(r, shape);
          boolean keep = r.nextBoolean();
          int n = 1;
          for (int dim : dims) {
            n *= (int) Shapes.size(dim, shape);
          }
          int correction = r.small() ? r.between(0, Math.min(2, n - 1)) : r.between(0, 2);
          return Sample.of(
                  "torch." + name + "(x0, {}, correction={}, keepdim={})", dims, correction, keep)
              .ours(x -> ours.apply(x[0], dims, correction, keep))
              .args(different(r, t, shape));
        });
  }

  private interface Spread {
    Tensor apply(Tensor x, int[] dims, Number correction, boolean keepDim);
  }

  private static Sample norm(Rng r, DType t) {
    double p = new double[] {0, 1, 2, 3, 0.5, 1.5, Double.POSITIVE_INFINITY}[r.nextInt(7)];
    long[] shape = Shapes.nonEmpty(r, 1, 4);
    int[] dims = Shapes.dims(r, shape);
    boolean keep = r.nextBoolean();
    return Sample.of("torch.norm(x0, {}, {}, keepdim={})", p, dims, keep)
        .ours(x -> x[0].norm(p, dims, keep))
        .args(p == 0 ? Arg.of(t, shape).noGrad() : Arg.of(t, shape));
  }

  private static Sample dist(Rng r, DType t) {
    double p = new double[] {1, 2, 3}[r.nextInt(3)];
    return Sample.of("torch.dist(x0, x1, {})", p)
        .ours(x -> x[0].dist(x[1], p))
        .args(Arg.of(t, Shapes.broadcastPair(r)));
  }

  private static Sample countNonzero(Rng r, DType t) {
    long[] shape = Shapes.of(r, 1, 4);
    int[] dims = Shapes.dims(r, shape);
    return Sample.of("torch.count_nonzero(x0, {})", dims)
        .ours(x -> x[0].countNonzero(dims))
        .args(Arg.of(t, shape).noGrad());
  }

  private interface Along {
    Object apply(Tensor x, int dim);
  }

  private interface AlongInPlace {
    Tensor apply(Tensor x, int dim);
  }

  private static OpInfo along(String name, String theirs, OpInfo.Types types, Along ours) {
    return along(name, theirs, types, ours, null);
  }

  private static OpInfo along(String name, OpInfo.Types types, Along ours, AlongInPlace inPlace) {
    return along(name, name, types, ours, inPlace);
  }

  private static OpInfo along(
      String name, String theirs, OpInfo.Types types, Along ours, AlongInPlace inPlace) {
    return OpInfo.of(
        name,
        types,
        (r, t) -> {
          long[] shape = Shapes.any(r);
          int dim = Shapes.anyDim(r, shape);
          Sample sample =
              Sample.of("torch." + theirs + "(x0, {})", dim)
                  .ours(x -> ours.apply(x[0], dim))
                  .args(Arg.of(t, shape));
          return inPlace == null
              ? sample
              : sample.inPlace(x -> inPlace.apply(x[0], dim), "x0." + theirs + "_({})", dim);
        });
  }

  private static Sample diff(Rng r, DType t) {
    long[] shape = Shapes.nonEmpty(r, 1, 4);
    int dim = Shapes.anyDim(r, shape);
    int n = r.between(0, 2);
    return Sample.of("torch.diff(x0, {}, {})", n, dim)
        .ours(x -> x[0].diff(n, dim))
        .args(Arg.of(t, shape));
  }

  private static Sample sort(Rng r, DType t) {
    long[] shape = Shapes.any(r);
    int dim = Shapes.anyDim(r, shape);
    boolean descending = r.nextBoolean();
    return Sample.of("torch.sort(x0, stable=True, dim={}, descending={})", dim, descending)
        .ours(x -> pair(x[0].sort(dim, descending)))
        .args(Arg.of(t, shape));
  }

  private static Sample argsort(Rng r, DType t) {
    long[] shape = Shapes.any(r);
    int dim = Shapes.anyDim(r, shape);
    boolean descending = r.nextBoolean();
    return Sample.of("torch.argsort(x0, stable=True, dim={}, descending={})", dim, descending)
        .ours(x -> x[0].argsort(dim, descending))
        .args(Arg.of(t, shape).noGrad());
  }

  private static Sample topk(Rng r, DType t) {
    long[] shape = Shapes.nonEmpty(r, 1, 4);
    int dim = Shapes.anyDim(r, shape);
    int k = r.between(0, (int) Shapes.size(dim, shape));
    boolean largest = r.nextBoolean();
    return Sample.of("torch.topk(x0, {}, {}, {}, True)", k, dim, largest)
        .ours(x -> pair(x[0].topk(k, dim, largest)))
        .args(Arg.of(t, shape).distinct());
  }

  private static Sample kthvalue(Rng r, DType t) {
    long[] shape = Shapes.nonEmpty(r, 1, 4);
    int dim = Shapes.anyDim(r, shape);
    int k = r.between(1, (int) Shapes.size(dim, shape));
    boolean keep = r.nextBoolean();
    return Sample.of("torch.kthvalue(x0, {}, {}, {})", k, dim, keep)
        .ours(x -> pair(x[0].kthvalue(k, dim, keep)))
        .args(Arg.of(t, shape).distinct());
  }

  /** Of which libtorch may give any of several places. */
  private static OpInfo values(String name, OpInfo.Types types, OverDim ours) {
    return OpInfo.of(
        name,
        types,
        (r, t) -> {
          long[] shape = Shapes.nonEmpty(r, 1, 4);
          int dim = Shapes.anyDim(r, shape);
          boolean keep = r.nextBoolean();
          Arg arg = Arg.of(t, shape);
          // Of a copy: libtorch's nanmedian reads expanded memory wrongly.
          return Sample.of("torch." + name + "(x0.contiguous(), {}, {})[0]", dim, keep)
              .ours(x -> ours.apply(x[0], dim, keep))
              .args(name.equals("median") ? arg.distinct() : arg.noGrad());
        });
  }

  private static OpInfo values(String name, String script, OpInfo.Types types, OverDimPair ours) {
    return OpInfo.of(
        name,
        types,
        (r, t) -> {
          long[] shape = Shapes.nonEmpty(r, 1, 4);
          int dim = Shapes.anyDim(r, shape);
          return Sample.of(script + "[0]", dim)
              .ours(x -> ours.apply(x[0], dim, false).values())
              .args(Arg.of(t, shape).noGrad());
        });
  }

  private interface OverDimPair {
    ValuesAndIndices apply(Tensor x, int dim, boolean keepDim);
  }

  private static Sample quantile(Rng r, DType t, String name) {
    long[] shape = Shapes.nonEmpty(r, 1, 3);
    int dim = Shapes.anyDim(r, shape);
    boolean keep = r.nextBoolean();
    Interpolation how = Interpolation.values()[r.nextInt(5)];
    long[] q = r.nextBoolean() ? new long[0] : new long[] {r.between(1, 3)};
    return Sample.of("torch." + name + "(x0, x1, {}, {}, interpolation={})", dim, keep, how)
        .ours(
            x ->
                name.equals("quantile")
                    ? x[0].quantile(x[1], dim, keep, how)
                    : x[0].nanquantile(x[1], dim, keep, how))
        .args(different(r, t, shape), Arg.of(t, q).in(0, 1).noGrad().plain());
  }

  /**
   * Different elements, or any without a gradient: where all are equal the slope is 0 divided by
   * rounding, and which of some equal ones gets it is up to the order of an unstable sort.
   */
  private static Arg different(Rng r, DType t, long... shape) {
    Arg arg = Arg.of(t, shape);
    return r.small() || r.nextBoolean() ? arg.distinct() : arg.noGrad();
  }

  private static Sample searchsorted(Rng r, DType t) {
    boolean right = r.nextBoolean();
    long[] shape = Shapes.nonEmpty(r, 1, 3);
    boolean flat = r.nextBoolean();
    long[] rows = flat ? new long[] {r.between(0, 6)} : Shapes.with(shape, -1, r.between(1, 6));
    return Sample.of("torch.searchsorted(torch.sort(x0)[0], x1, right={})", right)
        .ours(x -> x[0].sort(-1).values().searchsorted(x[1], right))
        .args(Arg.of(t, rows).noGrad().plain(), Arg.of(t, shape).noGrad());
  }

  private static Sample bucketize(Rng r, DType t) {
    boolean right = r.nextBoolean();
    return Sample.of("torch.bucketize(x1, torch.sort(x0)[0], right={})", right)
        .ours(x -> x[1].bucketize(x[0].sort(-1).values(), right))
        .args(Arg.of(t, r.between(0, 6)).noGrad().plain(), Arg.of(t, Shapes.any(r)).noGrad());
  }

  private static Sample isin(Rng r, DType t) {
    return Sample.of("torch.isin(x0, x1.contiguous())")
        .ours(x -> x[0].isin(x[1]))
        .args(Arg.of(t, Shapes.any(r)).noGrad(), Arg.of(t, Shapes.of(r, 0, 2)).noGrad());
  }

  private static Sample uniqueDim(Rng r, DType t) {
    long[] shape = Shapes.nonEmpty(r, 1, 3);
    int dim = Shapes.anyDim(r, shape);
    return Sample.of("torch.unique_dim(x0, {}, True, True, True)", dim)
        .ours(
            x -> {
              UniqueResult u = x[0].unique(dim);
              return new Tensor[] {u.values(), u.inverse(), u.counts()};
            })
        .args(Arg.of(t, shape).in(0, 3).noGrad());
  }

  private static Sample bincount(Rng r, DType t) {
    int minLength = r.between(0, 6);
    long n = r.between(0, 12);
    boolean weighted = r.nextBoolean();
    Arg places = Arg.of(t, n).in(0, 9).plain();
    Sample sample =
        weighted
            ? Sample.of("torch.bincount(x0, x1, {})", minLength)
            : Sample.of("torch.bincount(x0, minlength={})", minLength);
    sample = sample.ours(x -> x[0].bincount(weighted ? x[1] : null, minLength));
    return weighted
        ? sample.args(places, Arg.of(WIDE.any(r), n).noGrad().plain())
        : sample.args(places);
  }

  private static Sample histc(Rng r, DType t) {
    int bins = r.between(1, 6);
    boolean own = r.nextBoolean();
    return Sample.of("torch.histc(x0, {}, {}, {})", bins, own ? 0 : -1.5, own ? 0 : 1.75)
        .ours(x -> x[0].histc(bins, own ? 0 : -1.5, own ? 0 : 1.75))
        .args(Arg.of(t, Shapes.nonEmpty(r, 1, 3)).noGrad().plain());
  }

  private interface OverDims {
    Tensor apply(Tensor x, int[] dims, boolean keepDim);
  }

  private static OpInfo overDims(String name, OpInfo.Types types, OverDims ours) {
    return overDims(name, name, types, ours);
  }

  private static OpInfo overDims(String name, String theirs, OpInfo.Types types, OverDims ours) {
    return OpInfo.of(
        name,
        types,
        (r, t) -> {
          long[] shape = Shapes.of(r, 1, 5);
          int[] dims = Shapes.dims(r, shape);
          boolean keep = r.nextBoolean();
          return Sample.of("torch." + theirs + "(x0, {}, keepdim={})", dims, keep)
              .ours(x -> ours.apply(x[0], dims, keep))
              .args(Arg.of(t, shape));
        });
  }

  private interface OverDim {
    Object apply(Tensor x, int dim, boolean keepDim);
  }

  private static OpInfo overDim(String name, OpInfo.Types types, OverDim ours) {
    return OpInfo.of(
        name,
        types,
        (r, t) -> {
          long[] shape = Shapes.any(r);
          int dim = Shapes.anyDim(r, shape);
          boolean keep = r.nextBoolean();
          return Sample.of("torch." + name + "(x0, {}, keepdim={})", dim, keep)
              .ours(x -> ours.apply(x[0], dim, keep))
              .args(Arg.of(t, shape));
        });
  }

  private static OpInfo whole(
      String name, OpInfo.Types types, String script, Function<Tensor, Object> ours) {
    return whole(name, types, script, ours, 0);
  }

  private static OpInfo whole(
      String name, OpInfo.Types types, String script, Function<Tensor, Object> ours, int minDims) {
    return OpInfo.of(
        name,
        types,
        (r, t) ->
            Sample.of(script)
                .ours(x -> ours.apply(x[0]))
                .args(Arg.of(t, minDims == 0 ? Shapes.any(r) : Shapes.nonEmpty(r, minDims, 4))));
  }
}
