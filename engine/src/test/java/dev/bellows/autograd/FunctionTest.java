package dev.bellows.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class FunctionTest {
  private static Tensor leaf(double... values) {
    return Tensor.of(values).setRequiresGrad(true);
  }

  /** x³, from its input. */
  private static final class Cube extends Function {
    @Override
    protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
      ctx.saveForBackward(in[0]);
      return new Tensor[] {in[0].mul(in[0]).mul(in[0])};
    }

    @Override
    protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
      Tensor x = ctx.savedTensors()[0];
      return new Tensor[] {gradOutputs[0].mul(x.mul(x).mul(3))};
    }
  }

  /** eˣ, from its output. */
  private static final class Power extends Function {
    @Override
    protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
      Tensor y = in[0].exp();
      ctx.saveForBackward(y);
      return new Tensor[] {y};
    }

    @Override
    protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
      return new Tensor[] {gradOutputs[0].mul(ctx.savedTensors()[0])};
    }
  }

  /** a·b and a + b, and which a are larger. */
  private static final class Pair extends Function {
    boolean materialize = true;
    boolean sawNull;
    boolean needsB;

    @Override
    protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
      ctx.saveForBackward(in);
      ctx.setMaterializeGrads(materialize);
      needsB = ctx.needsInputGrad(1);
      Tensor larger = in[0].gt(in[1]).to(in[0].dtype());
      ctx.markNonDifferentiable(larger);
      return new Tensor[] {in[0].mul(in[1]), in[0].add(in[1]), larger};
    }

    @Override
    protected Tensor[] backward(FunctionContext ctx, Tensor... g) {
      Tensor[] in = ctx.savedTensors();
      sawNull = g[1] == null;
      Tensor sum = g[1] == null ? g[0].mul(0) : g[1];
      return new Tensor[] {g[0].mul(in[1]).add(sum), g[0].mul(in[0]).add(sum)};
    }
  }

  @Test
  void gradientsOnceAndTwice() {
    GradCheck.gradCheck("cube", in -> new Cube().apply(in[0]), leaf(1, -2, 0.5));
    GradCheck.gradGradCheck("cube", in -> new Cube().apply(in[0]), leaf(1, -2, 0.5));
    GradCheck.gradCheck("power", in -> new Power().apply(in[0]), leaf(1, -2, 0.5));
    GradCheck.gradGradCheck("power", in -> new Power().apply(in[0]), leaf(1, -2, 0.5));
  }

  @Test
  void severalOutputs() {
    Tensor a = leaf(2, 5);
    Tensor b = leaf(3, 4);
    Tensor[] out = new Pair().applyAll(a, b);
    assertThat(out[0].gradFn().name()).isEqualTo("PairBackward");
    assertThat(out[2].requiresGrad()).isFalse();
    assertThat(out[2].toDoubleArray()).containsExactly(0, 1);
    out[0].add(out[1].mul(10)).sum().backward();
    assertThat(a.grad().toDoubleArray()).containsExactly(13, 14);
    assertThat(b.grad().toDoubleArray()).containsExactly(12, 15);
  }

  @Test
  void gradientsThatNothingFlowedToAreZerosOrNull() {
    Tensor a = leaf(2);
    Tensor b = Tensor.of(new double[] {3});
    Pair pair = new Pair();
    pair.applyAll(a, b)[0].sum().backward();
    assertThat(pair.sawNull).isFalse();
    assertThat(pair.needsB).isFalse();
    assertThat(a.grad().item()).isEqualTo(3);
    assertThat(b.grad()).isNull();
    pair.materialize = false;
    pair.applyAll(a, b)[0].sum().backward();
    assertThat(pair.sawNull).isTrue();
    assertThat(a.grad().item()).isEqualTo(6);
  }

  @Test
  void withoutAGraphNothingIsKept() {
    Tensor x = leaf(2);
    try (GradMode mode = GradMode.noGrad()) {
      assertThat(new Cube().apply(x).requiresGrad()).isFalse();
    }
    assertThat(new Cube().apply(x.detach()).requiresGrad()).isFalse();
  }

  @Test
  void anInputThatIsReturnedBecomesAnotherTensor() {
    Function same =
        new Function() {
          @Override
          protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
            return in;
          }

          @Override
          protected Tensor[] backward(FunctionContext ctx, Tensor... g) {
            return new Tensor[] {g[0].mul(7)};
          }
        };
    Tensor x = leaf(1);
    Tensor y = same.apply(x);
    assertThat(y).isNotSameAs(x);
    assertThat(y.storage()).isSameAs(x.storage());
    y.sum().backward();
    assertThat(x.grad().item()).isEqualTo(7);
  }

  private static final class Twice extends Function {
    @Override
    protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
      ctx.markDirty(in[0]);
      return new Tensor[] {in[0].mul_(2)};
    }

    @Override
    protected Tensor[] backward(FunctionContext ctx, Tensor... g) {
      return new Tensor[] {g[0].mul(2)};
    }
  }

  @Test
  void inputsMayBeChangedInPlace() {
    Tensor x = leaf(1, 2, 3);
    Tensor y = x.mul(1);
    assertThat(new Twice().apply(y)).isSameAs(y);
    Tensor part = y.narrow(0, 0, 2);
    new Twice().apply(part);
    y.sum().backward();
    assertThat(x.grad().toDoubleArray()).containsExactly(4, 4, 2);
    assertThatThrownBy(() -> new Twice().apply(leaf(1)))
        .hasMessageStartingWith(
            "a leaf Variable that requires grad is being used in an in-place operation.");
  }

  private static Function wrong(Tensor... grads) {
    return new Function() {
      @Override
      public String name() {
        return "Wrong";
      }

      @Override
      protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
        return new Tensor[] {in[0].add(in[1])};
      }

      @Override
      protected Tensor[] backward(FunctionContext ctx, Tensor... g) {
        return grads;
      }
    };
  }

  @Test
  void gradientsMustFit() {
    Tensor a = leaf(1, 2);
    Tensor b = leaf(3);
    assertThatThrownBy(() -> wrong(Tensor.ones(2)).apply(a, b).sum().backward())
        .hasMessage(
            "function WrongBackward returned an incorrect number of gradients (expected 2, got 1)");
    assertThatThrownBy(() -> wrong(Tensor.ones(3), null).apply(a, b).sum().backward())
        .hasMessage(
            "Function WrongBackward returned an invalid gradient at index 0 - got [3] but expected"
                + " shape compatible with [2]");
    wrong(null, Tensor.ones(2)).apply(a, b).sum().backward();
    assertThat(a.grad()).isNull();
    assertThat(b.grad().toDoubleArray()).as("summed and converted").containsExactly(2);
    assertThat(b.grad().dtype()).isEqualTo(DType.FLOAT64);
  }

  @Test
  void whatWasSavedIsCheckedAndFreed() {
    Tensor x = leaf(2);
    Tensor h = x.mul(1);
    Tensor y = new Cube().apply(h);
    h.add_(1);
    assertThatThrownBy(() -> y.backward())
        .hasMessageContaining("modified by an inplace operation: FLOAT64[1]")
        .hasMessageContaining("saved by CubeBackward, is at version 1; expected version 0");
    Tensor z = new Cube().apply(x);
    Autograd.grad(List.of(z), List.of(x), null, false, false, false);
    assertThatThrownBy(z::backward)
        .hasMessageStartingWith("Trying to backward through the graph a second time");
    Function early =
        new Function() {
          @Override
          protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
            return ctx.savedTensors();
          }

          @Override
          protected Tensor[] backward(FunctionContext ctx, Tensor... g) {
            return g;
          }
        };
    assertThatThrownBy(() -> early.apply(x))
        .hasMessageStartingWith("savedTensors: is for backward");
  }

  @ParameterizedTest
  @CsvSource({"-1, null", "0, 0 outputs", "2, 2 outputs"})
  void forwardMustGiveOutputs(int nulls, String got) {
    Function function =
        new Function() {
          @Override
          protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
            return nulls < 0 ? null : new Tensor[nulls];
          }

          @Override
          protected Tensor[] backward(FunctionContext ctx, Tensor... g) {
            return g;
          }

          @Override
          public String name() {
            return "Empty";
          }
        };
    assertThatThrownBy(() -> function.applyAll(leaf(1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Empty: forward must give at least one output, none of them null; got " + got);
  }

  /** a, b → b + a·b over b. */
  private static final class AddProduct extends Function {
    @Override
    protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
      ctx.markDirty(in[1]);
      return new Tensor[] {in[1].mul_(in[0].add(1))};
    }

    @Override
    protected Tensor[] backward(FunctionContext ctx, Tensor... g) {
      return new Tensor[] {g[0].mul(3), g[0].mul(5)};
    }
  }

  @Test
  void aViewThatIsNotTheFirstInputMayBeChangedInPlace() {
    Tensor a = leaf(1);
    Tensor b = leaf(1, 2, 3);
    Tensor whole = b.mul(1);
    new AddProduct().apply(a, whole.narrow(0, 1, 2));
    assertThat(whole.toDoubleArray()).containsExactly(1, 4, 6);
    whole.sum().backward();
    assertThat(a.grad().toDoubleArray()).containsExactly(6);
    assertThat(b.grad().toDoubleArray()).containsExactly(1, 5, 5);
  }

  @Test
  void onlyInputsAreMarkedDirty() {
    Function function =
        new Function() {
          @Override
          protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
            Tensor out = in[0].mul(2);
            ctx.markDirty(out);
            return new Tensor[] {out};
          }

          @Override
          protected Tensor[] backward(FunctionContext ctx, Tensor... g) {
            return g;
          }

          @Override
          public String name() {
            return "Mistaken";
          }
        };
    assertThatThrownBy(() -> function.apply(leaf(1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Mistaken: markDirty is for inputs that forward changed in place; got an output that is"
                + " none");
  }
}
