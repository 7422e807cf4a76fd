package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.GradMode;
import dev.bellows.autograd.InPlaceChecks;
import dev.bellows.memory.DType;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Tensor;
import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.function.Consumer;

/** Results written to a tensor that the caller gives. */
final class Out {
  private Out() {}

  /** Checks that a result computed from tensors on its device may be written to a tensor. */
  private static void check(String operation, Tensor out, DType type, long[] shape, Tensor... in) {
    boolean recorded = out.requiresGrad();
    for (Tensor each : in) {
      recorded |= each.requiresGrad();
    }
    if (recorded && GradMode.isEnabled()) {
      throw new IllegalStateException(
          message(
              "%s(): functions with out=... arguments don't support automatic differentiation, but"
                  + " one of the arguments requires grad.",
              operation));
    }
    if (!Arrays.equals(out.shape(), shape)) {
      throw new IllegalArgumentException(
          message(
              "%s: out must have the result's shape; got %s for %s",
              operation, out.shape(), shape));
    }
    SameDevice.check(operation, in[0], out);
    Types.checkResult(operation, type, out.dtype());
  }

  /**
   * Copies a result, which is closed, to a tensor and gives that back.
   *
   * @throws IllegalStateException if a graph would be recorded
   * @throws IllegalArgumentException if the shape or device differs, or the type does not fit
   */
  static Tensor copy(String operation, Tensor out, Tensor result) {
    try (result) {
      check(operation, out, result.dtype(), result.shape(), result);
      return out.copy_(result);
    }
  }

  /** Returns whether a kernel may write a result of a type while it reads the inputs. */
  static boolean isApart(Tensor out, DType type, Tensor... in) {
    boolean apart = out.dtype() == type;
    for (Tensor each : in) {
      apart &= each.storage() != out.storage();
    }
    return apart;
  }

  /** Works like {@link #isApart}; inputs may be the tensor itself, element by element. */
  static boolean isWritable(Tensor out, DType type, Tensor... in) {
    Strided o = out.strided();
    boolean writable = out.dtype() == type;
    for (Tensor each : in) {
      Strided x = each.strided();
      boolean same = x.offset() == o.offset() && x.sameLayout(o);
      writable &= x.storage() != o.storage() || same;
    }
    return writable;
  }

  /** Has a kernel write a result of the tensor's type, and gives the tensor back. */
  static Tensor write(
      String operation, Tensor out, long[] shape, Consumer<Strided> kernel, Tensor... in) {
    check(operation, out, out.dtype(), shape, in);
    InPlaceChecks.check(operation, out, false);
    out.storage().bumpVersion();
    kernel.accept(out.strided());
    Reference.reachabilityFence(in);
    return out;
  }
}
