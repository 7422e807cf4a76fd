package dev.bellows.oracle;

import dev.bellows.autograd.Autograd;
import dev.bellows.autograd.Checkpoint;
import dev.bellows.autograd.Function;
import dev.bellows.autograd.FunctionContext;
import dev.bellows.autograd.Node;
import dev.bellows.autograd.SavedTensorHooks;
import dev.bellows.tensor.Tensor;
import java.util.List;

/** Gradients of what is in the pool, and users' functions in the graph that keep no rule. */
final class FuzzGraph {
  private FuzzGraph() {}

  static FuzzCalls.Call call(Rng r, FuzzPool pool) {
    return switch (r.nextInt(8)) {
      case 0 -> function(r, pool);
      case 1 -> nodeHook(r, pool);
      case 2 -> checkpoint(r, pool);
      default -> gradients(r, pool);
    };
  }

  /** Keeps what is saved for backward as it is or as something else. */
  static SavedTensorHooks savedTensorHooks(Rng r, FuzzPool pool) {
    return SavedTensorHooks.open(
        t -> r.oneIn(3) ? t.clone() : t,
        p -> {
          maybeClose(r, (Tensor) p);
          return r.oneIn(8) ? any(r, pool) : (Tensor) p;
        });
  }

  /** Closes what is not its own, rarely. */
  private static void maybeClose(Rng r, Tensor x) {
    if (x != null && r.oneIn(10)) {
      x.close();
    }
  }

  private static Tensor any(Rng r, FuzzPool pool) {
    return r.oneIn(4) ? null : pool.any();
  }

  /** Gradients of the sum of something. */
  private static FuzzCalls.Call gradients(Rng r, FuzzPool pool) {
    Tensor x = r.oneIn(4) ? pool.any() : pool.differentiable();
    Tensor with = pool.matching(x);
    boolean retain = r.nextBoolean();
    boolean create = r.oneIn(3);
    boolean unused = r.nextBoolean();
    boolean backward = r.nextBoolean();
    return new FuzzCalls.Call(
        backward ? "backward of a sum" : "grad of a sum",
        () -> {
          try (Tensor product = x.mul(with);
              Tensor sum = product.sum()) {
            if (backward) {
              sum.backward(null, retain, create);
              return null;
            }
            return Autograd.grad(List.of(sum), List.of(x, with), null, retain, create, unused);
          }
        },
        false,
        () -> FuzzPool.text(x) + " times " + FuzzPool.text(with));
  }

  private static FuzzCalls.Call function(Rng r, FuzzPool pool) {
    Tensor first = pool.differentiable();
    Tensor[] in = {first, r.oneIn(4) ? pool.any() : pool.matching(first)};
    return new FuzzCalls.Call(
        "a function", () -> new Lawless(r, pool).applyAll(in), false, () -> FuzzCalls.text(in));
  }

  /** A function that often, but not always, does what it must. */
  private static final class Lawless extends Function {
    private final Rng r;
    private final FuzzPool pool;

    Lawless(Rng r, FuzzPool pool) {
      this.r = r;
      this.pool = pool;
    }

    @Override
    protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
      Tensor[] out = new Tensor[r.oneIn(20) ? 0 : r.between(1, 3)];
      for (int i = 0; i < out.length; i++) {
        out[i] =
            switch (r.nextInt(12)) {
              case 0 -> any(r, pool);
              case 1 -> in[i % 2];
              case 2 -> in[i % 2].add_(1);
              case 3 -> in[i % 2].detach();
              default -> in[i % 2].mul(2);
            };
      }
      if (out.length > 0 && out[0] != null) {
        ctx.saveForBackward(in[0], r.nextBoolean() ? in[1] : out[0]);
        if (r.oneIn(4)) {
          ctx.markDirty(out[0]);
        } else if (r.oneIn(4)) {
          ctx.markNonDifferentiable(out[0]);
        }
      }
      ctx.setMaterializeGrads(r.nextBoolean());
      maybeClose(r, in[1]);
      return r.oneIn(40) ? null : out;
    }

    @Override
    protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
      Tensor grad = gradOutputs[0];
      maybeClose(r, grad);
      Tensor other = r.nextBoolean() || grad == null ? any(r, pool) : grad.mul(3);
      return switch (r.nextInt(6)) {
        case 0 -> new Tensor[] {grad};
        case 1 -> new Tensor[] {other, null};
        case 2 -> null;
        case 3 -> ctx.savedTensors();
        default -> new Tensor[] {grad, other};
      };
    }
  }

  private static FuzzCalls.Call nodeHook(Rng r, FuzzPool pool) {
    Tensor x = pool.differentiable();
    boolean before = r.nextBoolean();
    boolean remove = r.oneIn(3);
    return new FuzzCalls.Call(
        "hook of a node",
        () -> {
          Node node = x.gradFn();
          if (node != null) {
            var handle =
                before
                    ? node.registerPreHook(out -> changed(r, pool, out))
                    : node.registerHook((in, out) -> changed(r, pool, in));
            if (remove) {
              handle.remove();
            }
          }
          return null;
        },
        false,
        () -> FuzzPool.text(x));
  }

  /** Returns a hook's result for some gradients. */
  private static Tensor[] changed(Rng r, FuzzPool pool, Tensor... grads) {
    if (r.nextBoolean() || grads.length == 0) {
      return null;
    }
    int i = r.nextInt(grads.length);
    maybeClose(r, grads[i]);
    switch (r.nextInt(8)) {
      case 0 -> grads[i] = any(r, pool);
      case 1 -> {
        return new Tensor[grads.length + 1];
      }
      default -> grads[i] = grads[i] == null ? null : grads[i].mul(2);
    }
    return grads;
  }

  private static FuzzCalls.Call checkpoint(Rng r, FuzzPool pool) {
    Tensor first = pool.differentiable();
    Tensor[] in = {first, r.oneIn(4) ? pool.any() : pool.matching(first)};
    boolean steady = r.nextBoolean();
    return new FuzzCalls.Call(
        "a checkpoint",
        () ->
            Checkpoint.runAll(
                x -> {
                  Tensor y = x[0].mul(x[1]).sigmoid();
                  maybeClose(r, x[0]);
                  Tensor z = steady || r.nextBoolean() ? y : y.mul(pool.any());
                  return new Tensor[] {z, z.mul(z)};
                },
                in),
        false,
        () -> FuzzCalls.text(in));
  }
}
