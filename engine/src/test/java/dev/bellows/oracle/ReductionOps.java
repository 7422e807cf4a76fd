package dev.bellows.oracle;

import static dev.bellows.oracle.OpInfo.ALL;
import static dev.bellows.oracle.OpInfo.FLOATING;
import static dev.bellows.oracle.OpInfo.NUMERIC;

import dev.bellows.tensor.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;

/** Operations that make one element of many. */
final class ReductionOps {
  private ReductionOps() {}

  static List<OpInfo> all() {
    return List.of(
        overDims("sum", ALL, Tensor::sum).grad(2).fast().scaled(),
        overDims("mean", FLOATING, Tensor::mean).grad(2).fast().scaled(),
        overDims("amax", ALL, Tensor::amax).grad(2).fast(),
        overDims("amin", ALL, Tensor::amin).grad(2).fast(),
        whole("sum of all", ALL, "torch.sum(x0)", Tensor::sum).grad(2).fast().scaled(),
        whole("mean of all", FLOATING, "torch.mean(x0)", Tensor::mean).grad(2).fast().scaled(),
        whole("all", ALL, "torch.all(x0)", Tensor::all),
        whole("any", ALL, "torch.any(x0)", Tensor::any),
        overDim("argmax", NUMERIC, Tensor::argmax),
        overDim("argmin", NUMERIC, Tensor::argmin));
  }

  private interface OverDims {
    Tensor apply(Tensor x, boolean keepDim, int... dims);
  }

  private static OpInfo overDims(String name, OpInfo.Types types, OverDims ours) {
    return OpInfo.of(
        name,
        types,
        (r, t) -> {
          long[] shape = Shapes.of(r, 1, 5);
          int[] dims = Shapes.dims(r, shape);
          boolean keep = r.nextBoolean();
          return Sample.of("torch." + name + "(x0, {}, keepdim={})", dims, keep)
              .ours(x -> ours.apply(x[0], keep, dims))
              .args(Arg.of(t, shape));
        });
  }

  private interface OverDim {
    Tensor apply(Tensor x, int dim, boolean keepDim);
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
      String name, OpInfo.Types types, String script, UnaryOperator<Tensor> ours) {
    return OpInfo.of(
        name,
        types,
        (r, t) -> Sample.of(script).ours(x -> ours.apply(x[0])).args(Arg.of(t, Shapes.any(r))));
  }
}
