package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.autograd.GradMode;
import dev.bellows.backend.AttentionArgs;
import dev.bellows.backend.Backends;
import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/**
 * softmax(q · kᵀ · scale + mask) · v without a matrix of all scores: weights are computed for some
 * queries at a time, and again for the gradients. With weights p, the gradients are pᵀ · g for v,
 * and from s = p · (g · vᵀ − Σ p · (g · vᵀ)) s · k · scale for q and sᵀ · q · scale for k.
 */
public final class FusedAttention extends EngineFunction {
  private static final int DIMS = 4;

  private final AttentionArgs args;

  private FusedAttention(AttentionArgs args) {
    this.args = args;
  }

  /** Returns whether the device has the kernel for a type; other types are composed. */
  public static boolean supports(Device device, DType dtype) {
    return Backends.of(device).attends(dtype);
  }

  /**
   * Computes attention for each of n · h heads; no size may be 0.
   *
   * @param q [n, h, l, e]
   * @param k [n, h, s, e]
   * @param v [n, h, s, ev]
   * @param mask [n, h, l, s], see {@link #weights}, without a gradient; null for none
   * @return [n, h, l, ev]
   * @throws IllegalArgumentException if shapes or types do not fit
   */
  public static Tensor of(Tensor q, Tensor k, Tensor v, Tensor mask, AttentionArgs args) {
    FusedAttention op = new FusedAttention(args);
    return mask == null ? op.apply(q, k, v) : op.apply(q, k, v, mask.detach());
  }

  /**
   * Computes softmax(q · kᵀ · scale + mask) from other operations; a row where nothing is allowed
   * is 0.
   *
   * @param q [.., l, e]
   * @param k [.., s, e]
   * @param mask broadcasts to [.., l, s]: BOOL, true where attention is allowed, or of q's type,
   *     which is added; null for none
   * @return [.., l, s]
   */
  public static Tensor weights(Tensor q, Tensor k, Tensor mask, AttentionArgs args) {
    double root =
        Math.sqrt(Math.abs(args.scale())); // on both sides, so that halves do not overflow
    Tensor left = q.mul(args.scale() < 0 ? -root : root);
    Tensor scores = left.matmul(k.mul(root).transpose(-2, -1));
    if (args.causal()) {
      scores = scores.add(causalMask(q, k)); // each query may attend to the first key
    }
    return mask == null ? scores.softmax(-1) : masked(scores, mask);
  }

  /** Returns −∞ where a key comes after the query, else 0. */
  private static Tensor causalMask(Tensor q, Tensor k) {
    return Tensor.on(q.device())
        .full(Double.NEGATIVE_INFINITY, q.dtype(), q.size(-2), k.size(-2))
        .triu(1);
  }

  /** Returns softmax of masked scores, and zeros in rows where nothing is allowed. */
  private static Tensor masked(Tensor scores, Tensor mask) {
    Tensor x =
        mask.dtype() == DType.BOOL
            ? scores.maskedFill(mask.logicalNot(), Double.NEGATIVE_INFINITY)
            : scores.add(mask);
    Tensor none = x.detach().eq(Double.NEGATIVE_INFINITY).all(-1, true);
    return x.maskedFill(none, 0).softmax(-1).maskedFill(none, 0);
  }

  @Override
  public String name() {
    return "scaledDotProductAttention";
  }

  /** Native code trusts what passes here. */
  private void check(Tensor... in) {
    long[] q = in[0].shape();
    long[] k = in[1].shape();
    long[] v = in[2].shape();
    boolean fits = Arrays.stream(in).allMatch(x -> x.dim() == DIMS && x.numel() > 0);
    if (fits) {
      long[] keys = {q[0], q[1], v[2], q[3]};
      long[] values = {q[0], q[1], k[2], v[3]};
      long[] mask = {q[0], q[1], q[2], k[2]};
      fits =
          Arrays.equals(k, keys)
              && Arrays.equals(v, values)
              && (in.length == 3 || Arrays.equals(in[3].shape(), mask));
    }
    if (!fits) {
      throw new IllegalArgumentException(
          message(
              "%s: must be [n, h, l, e], [n, h, s, e], [n, h, s, ev] and a mask [n, h, l, s]; got"
                  + " %s",
              name(),
              Arrays.deepToString(Arrays.stream(in).map(Tensor::shape).toArray(long[][]::new))));
    }
    Types.same(name(), in[0], in[1], in[2]);
    boolean typed = in.length == 3 || in[3].dtype() == DType.BOOL || in[3].dtype() == in[0].dtype();
    if (!typed || !supports(in[0].device(), in[0].dtype())) {
      throw new IllegalArgumentException(
          message(
              "%s: %s must have a kernel for the types; got %s",
              name(),
              in[0].device(),
              Arrays.toString(Arrays.stream(in).map(Tensor::dtype).toArray())));
    }
  }

  @Override
  protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
    check(in);
    Tensor q = in[0];
    Tensor out =
        Internals.allocate(q.device(), q.dtype(), q.size(0), q.size(1), q.size(2), in[2].size(3));
    Internals.kernels(out)
        .attention(q.strided(), in[1].strided(), in[2].strided(), mask(in), args, out.strided());
    ctx.saveForBackward(in);
    return new Tensor[] {out};
  }

  private static Strided mask(Tensor... in) {
    return in.length == 3 ? null : in[3].strided();
  }

  @Override
  protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
    Tensor[] in = ctx.savedTensors();
    Tensor[] grads =
        GradMode.isEnabled() ? composed(gradOutputs[0], in) : computed(gradOutputs[0], in);
    return Arrays.copyOf(grads, in.length);
  }

  private Tensor[] computed(Tensor gradOut, Tensor... in) {
    Tensor[] grads = new Tensor[3];
    for (int i = 0; i < grads.length; i++) {
      grads[i] = Internals.allocate(in[i].device(), in[i].dtype(), in[i].shape());
    }
    Internals.kernels(in[0])
        .attentionGrad(
            gradOut.strided(),
            in[0].strided(),
            in[1].strided(),
            in[2].strided(),
            mask(in),
            args,
            grads[0].strided(),
            grads[1].strided(),
            grads[2].strided());
    return grads;
  }

  private Tensor[] composed(Tensor gradOut, Tensor... in) {
    Tensor p = weights(in[0], in[1], in.length == 3 ? null : in[3], args);
    Tensor g = gradOut.matmul(in[2].transpose(-2, -1));
    Tensor s = p.mul(g.sub(p.mul(g).sum(-1, true))).mul(args.scale());
    return new Tensor[] {
      s.matmul(in[1]), s.transpose(-2, -1).matmul(in[0]), p.transpose(-2, -1).matmul(gradOut)
    };
  }
}
