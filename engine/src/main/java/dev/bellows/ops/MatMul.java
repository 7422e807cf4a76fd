package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.FunctionContext;
import dev.bellows.backend.Activation;
import dev.bellows.memory.DType;
import dev.bellows.memory.Shapes;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;

/**
 * lhs [m, k] · rhs [k, n] → [m, n], or lhs [b, m, k] · rhs [b, k, n] → [b, m, n]. {@link #of}
 * accepts PyTorch's other forms (vectors, broadcast batch dimensions) and brings them to these two.
 */
public final class MatMul extends EngineFunction {
  private static final MatMul OP = new MatMul();

  private MatMul() {}

  /**
   * Computes the matrix product [.., m, k] · [.., k, n] → [.., m, n]; leading dimensions broadcast.
   * A vector counts as a row on the left and as a column on the right.
   *
   * @throws IllegalArgumentException if inner dimensions, batch dimensions or types do not agree,
   *     or for BOOL
   */
  public static Tensor matmul(Tensor self, Tensor other) {
    int a = self.dim();
    int b = other.dim();
    if (a == 0 || b == 0) {
      throw new IllegalArgumentException(
          message(
              "matmul: both arguments to matmul need to be at least 1D, but they are %sD and %sD",
              a, b));
    }
    if (a == 1 && b == 1) {
      return OP.apply(self.unsqueeze(0), other.unsqueeze(1)).reshape();
    }
    if (a == 1) {
      return matmul(self.unsqueeze(0), other).squeeze(-2);
    }
    if (b == 1) {
      return matmul(self, other.unsqueeze(1)).squeeze(-1);
    }
    if (a == 2 && b == 2) {
      return OP.apply(self, other);
    }
    return batched(self, other);
  }

  /** Writes {@link Tensor#matmul} to a tensor. */
  public static Tensor matmulOut(Tensor out, Tensor lhs, Tensor rhs) {
    return into("matmul", out, lhs, rhs);
  }

  /**
   * Writes a product to a tensor; without a temporary for two matrices, or two equal batches of
   * them, that share no memory with it.
   */
  static Tensor into(String operation, Tensor out, Tensor lhs, Tensor rhs) {
    int dims = lhs.dim();
    boolean direct =
        dims >= 2
            && rhs.dim() == dims
            && Arrays.equals(lhs.shape(), 0, dims - 2, rhs.shape(), 0, dims - 2)
            && Out.isApart(out, lhs.dtype(), lhs, rhs);
    if (!direct) {
      return Out.copy(operation, out, matmul(lhs, rhs));
    }
    long[] shape = checked(lhs, rhs);
    return Out.write(operation, out, shape, o -> multiply(lhs, rhs, o), lhs, rhs);
  }

  private static long[] checked(Tensor lhs, Tensor rhs) {
    SameDevice.check("matmul", lhs, rhs);
    check(lhs.strided().sizes(), rhs.strided().sizes());
    checkTypes("matmul", lhs, rhs);
    long[] shape = lhs.shape();
    shape[shape.length - 1] = rhs.size(-1);
    return shape;
  }

  private static void multiply(Tensor lhs, Tensor rhs, Strided out) {
    Internals.kernels(out).matmul(lhs.strided(), rhs.strided(), null, Activation.NONE, out);
  }

  private static Tensor batched(Tensor lhs, Tensor rhs) {
    long[] l = lhs.shape();
    long[] r = rhs.shape();
    check(l, r);
    long[] lb = Arrays.copyOf(l, l.length - 2);
    long[] rb = Arrays.copyOf(r, r.length - 2);
    long[] batch = Arrays.equals(lb, rb) ? lb : Shapes.broadcast("matmul", lb, rb);
    long m = l[l.length - 2];
    long k = l[l.length - 1];
    long n = r[r.length - 1];
    long count = Shapes.numel(batch);
    if (Shapes.numel(rb) == 1) { // all matrices of lhs, one below the other, times the one of rhs
      Tensor tall = lhs.reshape(count * m, k);
      return OP.apply(tall, rhs.reshape(k, n)).reshape(concat(batch, m, n));
    }
    Tensor l3 = lhs.expand(concat(batch, m, k)).reshape(count, m, k);
    Tensor r3 = rhs.expand(concat(batch, k, n)).reshape(count, k, n);
    return OP.apply(l3, r3).reshape(concat(batch, m, n));
  }

  private static long[] concat(long[] batch, long x, long y) {
    long[] out = Arrays.copyOf(batch, batch.length + 2);
    out[batch.length] = x;
    out[batch.length + 1] = y;
    return out;
  }

  private static void check(long[] lhs, long[] rhs) {
    long m = lhs[lhs.length - 2];
    long k = lhs[lhs.length - 1];
    long k2 = rhs[rhs.length - 2];
    long n = rhs[rhs.length - 1];
    if (k != k2) {
      throw new IllegalArgumentException(
          message(
              "matmul: lhs columns must equal rhs rows; got lhs %s, rhs %s (%s != %s): mat1 and"
                  + " mat2 shapes cannot be multiplied (%sx%s and %sx%s)",
              lhs, rhs, k, k2, m, k, k2, n));
    }
  }

  /**
   * Checks that two factors are numbers of one type.
   *
   * @throws IllegalArgumentException if the types differ
   * @throws UnsupportedOperationException if they are BOOL
   */
  static void checkTypes(String operation, Tensor lhs, Tensor rhs) {
    if (lhs.dtype() != rhs.dtype()) {
      throw new IllegalArgumentException(
          message(
              "%s: expected lhs and rhs to have the same dtype, but got %s and %s",
              operation, lhs.dtype(), rhs.dtype()));
    }
    if (lhs.dtype() == DType.BOOL) {
      throw new UnsupportedOperationException(
          operation + ": \"addmm_impl_cpu_\" not implemented for 'Bool'; got BOOL");
    }
  }

  @Override
  public String name() {
    return "matmul";
  }

  @Override
  protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
    long[] shape = checked(in[0], in[1]);
    Tensor out = Internals.allocate(in[0].device(), in[0].dtype(), shape);
    multiply(in[0], in[1], out.strided());
    ctx.saveForBackward(in[0], in[1]);
    return new Tensor[] {out};
  }

  @Override
  protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
    Tensor gradOut = gradOutputs[0];
    // gradLhs [.., m, k] = gradOut [.., m, n] · rhsᵀ [.., n, k]
    // gradRhs [.., k, n] = lhsᵀ [.., k, m] · gradOut [.., m, n]
    Tensor gradLhs =
        ctx.needsInputGrad(0) ? OP.apply(gradOut, ctx.saved(1).transpose(-2, -1)) : null;
    Tensor gradRhs =
        ctx.needsInputGrad(1) ? OP.apply(ctx.saved(0).transpose(-2, -1), gradOut) : null;
    return new Tensor[] {gradLhs, gradRhs};
  }
}
