package dev.bellows.oracle;

import static dev.bellows.oracle.OpInfo.FLOATING;
import static dev.bellows.oracle.OpInfo.types;

import dev.bellows.memory.DType;
import java.util.List;

/** Products of matrices and what follows from them. */
final class LinalgOps {
  private LinalgOps() {}

  static List<OpInfo> all() {
    return List.of(
        OpInfo.of("matmul", FLOATING.and(types(DType.INT64, DType.INT32)), LinalgOps::matmul)
            .grad(2)
            .fast()
            .scaled()
            .noSpecialValues());
  }

  /** The size of a matrix, now and then 0. */
  static int size(Rng r) {
    return r.small() ? r.between(1, 2) : r.oneIn(20) ? 0 : r.between(1, 20);
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
      {{b, m, k}, {k}},
      {{k}, {b, k, n}},
      {{c, b, m, k}, {c, b, k, n}}
    };
    long[][] form = r.pick(forms);
    return Sample.of("torch.matmul(x0, x1)")
        .ours(x -> x[0].matmul(x[1]))
        .args(Arg.of(t, form[0]).floatsIn(-1, 1), Arg.of(t, form[1]).floatsIn(-1, 1));
  }
}
