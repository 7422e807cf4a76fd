package dev.bellows.oracle;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Linalg;
import dev.bellows.tensor.Tensor;
import java.util.List;

/** Decompositions; what is free to choose a sign is compared by what it is multiplied to. */
final class DecompositionOps {
  private static final OpInfo.Types WIDE = OpInfo.types(DType.FLOAT32, DType.FLOAT64);

  private DecompositionOps() {}

  static List<OpInfo> all() {
    return List.of(
        row("linalg.inv", (r, t) -> square(r, t, "torch.linalg.inv(x0)", x -> Linalg.inv(x[0]))),
        row("linalg.det", (r, t) -> square(r, t, "torch.linalg.det(x0)", x -> Linalg.det(x[0]))),
        row(
            "linalg.slogdet",
            (r, t) ->
                square(
                    r,
                    t,
                    "torch.linalg.slogdet(x0)",
                    x -> {
                      Linalg.SlogdetResult y = Linalg.slogdet(x[0]);
                      return new Tensor[] {y.sign(), y.logabsdet()};
                    })),
        row("linalg.solve", DecompositionOps::solve),
        row(
            "linalg.cholesky",
            (r, t) -> {
              long n = size(r);
              return Sample.of("torch.linalg.cholesky(x0 @ x0.mT)")
                  .ours(x -> Linalg.cholesky(x[0].matmul(x[0].mT())))
                  .args(Arg.of(t, batch(r, n, n)).dominant());
            }),
        row("linalg.qr", DecompositionOps::qr),
        row("linalg.svd", DecompositionOps::svd),
        row("linalg.eigh", DecompositionOps::eigh),
        row("linalg.svdvals", DecompositionOps::svdvals));
  }

  private static Sample svdvals(Rng r, DType t) {
    long[] shape = batch(r, size(r), size(r));
    return Sample.of("torch.linalg.svdvals(x0)")
        .ours(x -> Linalg.svdvals(x[0]))
        .args(Arg.of(t, shape).distinct());
  }

  private static OpInfo row(String name, OpInfo.Sampler sampler) {
    // both are exact to about the condition of the matrices, which is that of small random ones
    return OpInfo.of(name, WIDE, sampler).grad(2).scaled().noSpecialValues().tolerance(20);
  }

  private static long size(Rng r) {
    return r.between(1, r.small() ? 2 : 5);
  }

  private static long[] batch(Rng r, long m, long n) {
    return r.nextBoolean() ? new long[] {m, n} : new long[] {r.between(1, 3), m, n};
  }

  private static Sample square(
      Rng r, DType t, String script, java.util.function.Function<Tensor[], Object> ours) {
    long n = size(r);
    return Sample.of(script).ours(ours).args(Arg.of(t, batch(r, n, n)).dominant());
  }

  private static Sample solve(Rng r, DType t) {
    long n = size(r);
    long[] a = batch(r, n, n);
    long[] b = a.clone();
    b[b.length - 1] = r.between(1, 3);
    return Sample.of("torch.linalg.solve(x0, x1)")
        .ours(x -> Linalg.solve(x[0], x[1]))
        .args(Arg.of(t, a).dominant(), Arg.of(t, b));
  }

  private static Sample qr(Rng r, DType t) {
    long n = size(r);
    return Sample.of("torch.linalg.qr(x0)")
        .ours(
            x -> {
              Linalg.QrResult y = Linalg.qr(x[0]);
              return new Tensor[] {y.q(), y.r()};
            })
        .args(Arg.of(t, batch(r, n, n)).dominant());
  }

  private static Sample svd(Rng r, DType t) {
    long n = size(r);
    long[] shape = batch(r, n, n);
    String script =
        "u, s, v = torch.linalg.svd(x0, full_matrices=False)\n"
            + "return s, (u * s.unsqueeze(-2) ** 2) @ v";
    return Sample.of(script)
        .ours(
            x -> {
              Linalg.SvdResult y = Linalg.svd(x[0]);
              Tensor scaled = y.u().mul(y.s().unsqueeze(-2).square());
              return new Tensor[] {y.s(), scaled.matmul(y.vh())};
            })
        .args(Arg.of(t, shape).dominant());
  }

  private static Sample eigh(Rng r, DType t) {
    long n = size(r);
    String script =
        "w, v = torch.linalg.eigh(x0 + x0.mT)\nreturn w, (v * w.unsqueeze(-2) ** 2) @ v.mT";
    return Sample.of(script)
        .ours(
            x -> {
              Linalg.EighResult y = Linalg.eigh(x[0].add(x[0].mT()));
              Tensor scaled = y.eigenvectors().mul(y.eigenvalues().unsqueeze(-2).square());
              return new Tensor[] {y.eigenvalues(), scaled.matmul(y.eigenvectors().mT())};
            })
        .args(Arg.of(t, batch(r, n, n)).dominant());
  }
}
