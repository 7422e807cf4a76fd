package dev.bellows.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.memory.DType;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What products of matrices refuse, and cases that the comparison with libtorch cannot draw. */
@Timeout(60)
class LinalgErrorsTest {
  private static Arguments of(String start, ThrowingCallable call) {
    return Arguments.of(start, call);
  }

  private static Tensor z(long... shape) {
    return Tensor.zeros(shape);
  }

  private static Tensor d(long... shape) {
    return Tensor.zeros(DType.FLOAT64, shape);
  }

  private static Tensor b(long... shape) {
    return Tensor.zeros(DType.BOOL, shape);
  }

  private static Tensor i(long... shape) {
    return Tensor.zeros(DType.INT64, shape);
  }

  static Stream<Arguments> products() {
    return Stream.of(
        of(
            "matmul: lhs columns must equal rhs rows; got lhs [2, 3], rhs [4, 5] (3 != 4): mat1 and"
                + " mat2 shapes cannot be multiplied (2x3 and 4x5)",
            () -> z(2, 3).mm(z(4, 5))),
        of("mm: mat2 must be a matrix; got [3]", () -> z(2, 3).mm(z(3))),
        of("mm: self must be a matrix; got [2, 3, 4]", () -> z(2, 3, 4).mm(z(4, 3))),
        of(
            "matmul: expected lhs and rhs to have the same dtype, but got FLOAT32 and FLOAT64",
            () -> z(2, 3).mm(d(3, 4))),
        of(
            "matmul: \"addmm_impl_cpu_\" not implemented for 'Bool'; got BOOL",
            () -> b(2, 3).matmul(b(3, 4))),
        of("bmm: batch1 must be a 3D tensor; got [2, 3]", () -> z(2, 3).bmm(z(2, 3, 4))),
        of("bmm: batch2 must be a 3D tensor; got [2, 3]", () -> z(2, 3, 4).bmm(z(2, 3))),
        of(
            "bmm: Expected size for first two dimensions of batch2 tensor to be: [2, 4] but got:"
                + " [3, 4].",
            () -> z(2, 3, 4).bmm(z(3, 4, 5))),
        of("mv: size mismatch, got input (2), mat (2x3), vec (4)", () -> z(2, 3).mv(z(4))),
        of("mv: vector + matrix @ vector expected, got 1, 2, 2", () -> z(2, 3).mv(z(3, 1))),
        of("dot: 1D tensors expected, but got 2D and 1D tensors", () -> z(2, 3).dot(z(3))),
        of(
            "dot: inconsistent tensor size, expected tensor [4] and src [3] to have the same number"
                + " of elements, but got 4 and 3 elements respectively",
            () -> z(4).vdot(z(3))),
        of(
            "dot: expected lhs and rhs to have the same dtype, but got FLOAT32 and FLOAT64",
            () -> z(4).dot(d(4))),
        of(
            "inner() the last dimension must match on both input tensors but got shapes [2, 3] and"
                + " [2, 4]",
            () -> z(2, 3).inner(z(2, 4))),
        of("outer: Expected 1-D argument self, but got 2-D", () -> z(2, 3).outer(z(3))),
        of("outer: Expected 1-D argument vec2, but got 2-D", () -> z(3).ger(z(3, 3))),
        of("addmm: mat1 must be a matrix; got [2]", () -> z(3).addmm(z(2), z(4, 5))),
        of(
            "addmm: input and factors must have the same dtype, but got FLOAT64 and FLOAT32",
            () -> d(2, 5).addmm(z(2, 3), z(3, 5))),
        of(
            "addmm: For integral input tensors, argument alpha must not be a floating point number;"
                + " got 1.5",
            () -> i(2, 5).addmm(i(2, 3), i(3, 5), 1, 1.5)),
        of(
            "addmm: For integral input tensors, argument beta must not be a floating point number;"
                + " got 1.5",
            () -> i(2, 5).addmm(i(2, 3), i(3, 5), 1.5, 1)),
        of(
            "addmv: size mismatch, got input (3), mat (2x3), vec (3)",
            () -> z(3).addmv(z(2, 3), z(3))),
        of(
            "addbmm: Expected size for first two dimensions of batch2",
            () -> z(2, 2).addbmm(z(2, 3, 4), z(2, 5, 5))),
        of("baddbmm: batch1 must be a 3D tensor", () -> z(2, 2).baddbmm(z(3, 4), z(2, 5, 5))),
        of("addr: Expected 1-D argument vec1, but got 2-D", () -> z(2, 3).addr(z(2, 1), z(3))),
        of(
            "addmm_: Bad in-place call: input tensor size [3] and output tensor size [2, 3] should"
                + " match",
            () -> z(3).addmm_(z(2, 3), z(3, 3))),
        of("addbmm_: Bad in-place call", () -> z(3).addbmm_(z(2, 2, 3), z(2, 3, 3))),
        of("baddbmm_: Bad in-place call", () -> z(3).baddbmm_(z(2, 2, 3), z(2, 3, 3))),
        of("addmv_: Bad in-place call", () -> z(1).addmv_(z(2, 3), z(3))),
        of("addr_: Bad in-place call", () -> z(3).addr_(z(2), z(3))),
        of(
            "addr_: result type FLOAT64 can't be cast to the desired output type INT64",
            () -> i(2, 3).addr_(d(2), d(3))),
        of("mm: out must have the result's shape", () -> Tensor.mmOut(z(2), z(2, 3), z(3, 4))),
        of("bmm: out must", () -> Tensor.bmmOut(z(2), z(1, 2, 3), z(1, 3, 4))),
        of("matmul: out must", () -> Tensor.matmulOut(z(2), z(2, 3), z(3, 4))),
        of("chain_matmul(): Expected one or more matrices", () -> Tensor.chainMatmul(List.of())),
        of(
            "chain_matmul(): Tensor dimension is 1, expected 2 instead",
            () -> Tensor.chainMatmul(List.of(z(2), z(2, 3)))),
        of(
            "multi_dot(): tensors 0 and 1 with shapes [2, 3] and [2, 3] cannot be multiplied",
            () -> Tensor.chainMatmul(List.of(z(2, 3), z(2, 3)))),
        of(
            "multi_dot(): all tensors must be the same dtype but tensor 0 is FLOAT32 and tensor 1"
                + " FLOAT64",
            () -> Tensor.chainMatmul(List.of(z(2, 3), d(3, 3)))),
        of(
            "tensordot: contracted dimensions need to match, but first has size 3 in dim -1 and"
                + " second has size 4 in dim 0",
            () -> Tensor.tensordot(z(2, 3), z(4, 3), 1)),
        of(
            "tensordot expects dims < ndim_a or ndim_b, but got dims=3",
            () -> Tensor.tensordot(z(2, 3), z(4, 3), 3)),
        of(
            "tensordot expects dims >= 0, but got dims=-1",
            () -> Tensor.tensordot(z(2, 3), z(4, 3), -1)),
        of(
            "tensordot: both dimension lists should have same length; got [0] and [0, 1]",
            () -> Tensor.tensordot(z(2, 3), z(4, 3), new int[] {0}, new int[] {0, 1})),
        of(
            "tensordot: dim 0 appears multiple times in the list of dims",
            () -> Tensor.tensordot(z(2, 3), z(2, 3), new int[] {0, -2}, new int[] {0, 1})),
        of(
            "linalg.cross: inputs dimension 1 must have length 3; got [2, 3] and [2, 4]",
            () -> z(2, 3).cross(z(2, 4), 1)),
        of("cross: no dimension of size 3 in input; got [2, 4]", () -> z(2, 4).cross(z(2, 4))),
        of(
            "linalg.cross: inputs must have the same number of dimensions; got [3] and [2, 3]",
            () -> z(3).cross(z(2, 3))),
        of("linalg.cross: \"addmm_impl_cpu_\" not implemented", () -> b(3).cross(b(3))),
        of("trace: expected a matrix, but got tensor with dim 3", () -> z(2, 3, 4).trace()),
        of("\"trace\" not implemented for 'Bool'", () -> b(2, 3).trace()),
        of("cdist only supports at least 2D tensors, X1 got: 1D", () -> z(3).cdist(z(2, 3))),
        of(
            "cdist only supports floating-point dtypes, X1 got: INT64",
            () -> i(2, 3).cdist(i(2, 3))),
        of(
            "cdist: X1 and X2 must have the same number of columns. X1: 3 X2: 4",
            () -> z(2, 3).cdist(z(2, 4))),
        of(
            "cdist only supports non-negative p values; got -1.0",
            () -> z(2, 3).cdist(z(2, 3), -1)));
  }

  static Stream<Arguments> equations() {
    return Stream.of(
        of("must provide at least one operand", () -> Tensor.einsum("i")),
        of("fewer operands were provided", () -> Tensor.einsum("ij,jk", z(2, 3))),
        of("more operands were provided", () -> Tensor.einsum("ij", z(2, 3), z(2, 3))),
        of(
            "subscript j has size 4 for operand 1 which does not broadcast with previously seen"
                + " size 3",
            () -> Tensor.einsum("ij,jk->ik", z(2, 3), z(4, 5))),
        of(
            "the number of subscripts in the equation (3) does not match the number of dimensions"
                + " (2) for operand 0 and no ellipsis was given",
            () -> Tensor.einsum("ijk", z(2, 3))),
        of(
            "the number of subscripts in the equation (3) is more than the number of dimensions (2)"
                + " for operand 0",
            () -> Tensor.einsum("ijk...", z(2, 3))),
        of(
            "found '.' for output but an ellipsis (...) was already found",
            () -> Tensor.einsum("i...->...i.", z(2, 3))),
        of(
            "found '.' for operand 0 that is not part of any ellipsis",
            () -> Tensor.einsum("i..", z(2, 3))),
        of(
            "found '.' for operand 0 for which an ellipsis was already found",
            () -> Tensor.einsum("...i...", z(2, 3))),
        of(
            "output subscript k does not appear in the equation for any input operand",
            () -> Tensor.einsum("ij->ijk", z(2, 3))),
        of(
            "output subscript i appears more than once in the output",
            () -> Tensor.einsum("ij->ii", z(2, 3))),
        of(
            "invalid subscript given at index 1 in the equation string, subscripts must be in"
                + " [a-zA-Z]; got '%'",
            () -> Tensor.einsum("i%->i", z(2, 3))),
        of("invalid subscript given at index 5", () -> Tensor.einsum("ij->i%", z(2, 3))),
        of("invalid subscript given at index 2", () -> Tensor.einsum("ij-i", z(2, 3))),
        of("invalid subscript given at index 5", () -> Tensor.einsum("ij->i->j", z(2, 3))),
        of("invalid subscript given at index 3", () -> Tensor.einsum("ij,?", z(2, 3), z(2))),
        of(
            "subscript i is repeated for operand 0 but the sizes don't match, 3 != 2",
            () -> Tensor.einsum("ii->i", z(2, 3))),
        of(
            "dimension 0 covered by ellipsis has size 5 for operand 1 which does not broadcast",
            () -> Tensor.einsum("...ij,...jk", z(4, 2, 3), z(5, 3, 4))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("products")
  void refuses(String start, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfAny(IllegalArgumentException.class, UnsupportedOperationException.class)
        .hasMessageStartingWith(start);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("equations")
  void refusesEquations(String start, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("einsum(): " + start);
  }

  @Test
  void withoutBetaTheInputDoesNotMatter() {
    Tensor nan = Tensor.full(Double.NaN, DType.FLOAT32, 2, 2).setRequiresGrad(true);
    Tensor one = Tensor.ones(2, 2);
    Tensor sum = nan.addmm(one, one, 0, 1);
    assertThat(sum.toFloatArray()).containsOnly(2);
    sum.sum().backward();
    assertThat(nan.grad().toFloatArray()).containsOnly(0);
  }

  @Test
  void smallIntegersWrapAround() {
    Tensor x = Tensor.full(100, DType.INT8, 1, 2);
    assertThat(x.mm(x.t()).toLongArray()).containsExactly((byte) 20000);
  }

  @Test
  void halvesAreSummedAsFloats() {
    Tensor x = Tensor.ones(DType.FLOAT16, 1, 4096);
    Tensor y = x.t().clone();
    y.fill_(1.0 / 4096);
    assertThat(x.mm(y).item()).isEqualTo(1);
    Tensor many = Tensor.full(0.0001, DType.BFLOAT16, 1, 1);
    assertThat(Tensor.ones(DType.BFLOAT16, 1, 1).addmm(many, many, 1, 100.0).item()).isEqualTo(1);
  }

  @Test
  void aMatrixForAllOfABatchNeedsNoCopies() {
    Tensor a = Tensor.randn(3, 4, 5);
    Tensor b = Tensor.randn(5, 2);
    Tensor apart = Tensor.stack(a.unbind(0).stream().map(m -> m.mm(b)).toList(), 0);
    assertThat(a.matmul(b).toFloatArray()).containsExactly(apart.toFloatArray());
  }

  @Test
  void theDiagonalOfOneOperandIsAView() {
    Tensor x = Tensor.zeros(3, 3);
    Tensor.einsum("ii->i", x).fill_(1);
    assertThat(x.sum().item()).isEqualTo(3);
  }
}
