package dev.bellows.oracle;

import static dev.bellows.oracle.OpInfo.ALL;

import java.util.List;

/** Operations that make one element of many. */
final class ReductionOps {
  private ReductionOps() {}

  static List<OpInfo> all() {
    return List.of(
        OpInfo.of(
                "sum",
                ALL,
                (r, t) -> {
                  long[] shape = Shapes.of(r, 1, 5);
                  int[] dims = Shapes.dims(r, shape);
                  boolean keep = r.nextBoolean();
                  return Sample.of("torch.sum(x0, {}, keepdim={})", dims, keep)
                      .ours(x -> x[0].sum(keep, dims))
                      .args(Arg.of(t, shape));
                })
            .grad(2)
            .scaled());
  }
}
