package dev.bellows.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.memory.DType;
import dev.bellows.memory.MemoryPool;
import dev.bellows.tensor.PoolUse;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests which parts of a graph run, their arguments, and what remains of the graph. */
@Timeout(120)
class BackwardTest {
  private static Tensor leaf(double... values) {
    return Tensor.of(values).setRequiresGrad(true);
  }

  @Test
  void onlyNamedInputsGetAGradient() {
    Tensor a = leaf(2);
    Tensor b = leaf(3);
    Tensor h = a.mul(b);
    Tensor y = h.mul(h).add(b);
    y.backward(null, true, false, List.of(a));
    assertThat(a.grad().item()).isEqualTo(2 * 6 * 3);
    assertThat(b.grad()).isNull();
    y.backward(null, true, false, List.of(h, b));
    assertThat(h.grad().item()).as("no leaf").isEqualTo(12);
    assertThat(b.grad().item()).isEqualTo(12 * 2 + 1);
    y.backward(null, false, false, List.of(h));
    assertThat(h.grad().item()).isEqualTo(24);
    assertThatThrownBy(() -> y.backward(null, false, false, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("`inputs` argument to `backward()` cannot be empty.");
    assertThatThrownBy(() -> Autograd.grad(y))
        .hasMessage("`inputs` argument to `grad()` cannot be empty.");
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void castsAGivenGradientToTheOutputsType(DType given) {
    for (DType type : List.of(DType.FLOAT64, DType.FLOAT32, DType.BFLOAT16, DType.FLOAT16)) {
      Tensor x = Tensor.ones(type, 2).setRequiresGrad(true);
      Tensor gradient = Tensor.of(new float[] {1, 0}).to(given);
      x.mul(2).backward(gradient);
      assertThat(x.grad().dtype()).isEqualTo(type);
      assertThat(x.grad().toDoubleArray()).containsExactly(2, 0);
      Tensor y = x.mul(x);
      Tensor[] grads =
          Autograd.grad(List.of(y, y), List.of(x), List.of(gradient, gradient), false, true, false);
      assertThat(grads[0].dtype()).isEqualTo(type);
      assertThat(grads[0].toDoubleArray()).containsExactly(4, 0);
      grads[0].sum().backward();
      assertThat(x.grad().toDoubleArray()).as("of the gradient").containsExactly(6, 0);
    }
  }

  @Test
  void aCastOfAGivenGradientIsRecorded() {
    Tensor x = Tensor.of(new float[] {1, 2}).setRequiresGrad(true);
    Tensor given = leaf(3, 4);
    Tensor[] grads =
        Autograd.grad(List.of(x.mul(x)), List.of(x), List.of(given), false, true, false);
    grads[0].sum().backward();
    assertThat(given.grad().dtype()).isEqualTo(DType.FLOAT64);
    assertThat(given.grad().toDoubleArray()).containsExactly(2, 4);
  }

  @Test
  void aGivenGradientMustHaveTheShape() {
    for (Tensor wrong :
        List.of(Tensor.ones(1), Tensor.ones(1, 2), Tensor.ones(), Tensor.ones(DType.INT64, 3))) {
      Tensor y = leaf(1, 2).mul(2);
      assertThatThrownBy(() -> y.backward(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "Mismatch in shape: gradOutputs[0] has a shape of "
                  + Arrays.toString(wrong.shape())
                  + " and output[0] has a shape of [2]");
    }
  }

  @Test
  void anAssignedGradientMustFit() {
    Tensor x = Tensor.of(new float[] {1, 2}).setRequiresGrad(true);
    assertThatThrownBy(() -> x.setGrad(Tensor.ones(DType.INT64, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "attempting to assign a gradient with dtype INT64 to a tensor with dtype FLOAT32."
                + " Please ensure that the gradient and the tensor have the same dtype");
    assertThatThrownBy(() -> x.setGrad(Tensor.ones(1, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "attempting to assign a gradient of size [1, 2] to a tensor of size [2]. Please ensure"
                + " that the gradient and the tensor are the same size");
    assertThatThrownBy(() -> x.setGrad(x)).hasMessage("can't assign a tensor as its own grad");
    Tensor whole = Tensor.of(new long[] {1, 2});
    whole.setGrad(Tensor.of(new long[] {3, 4}));
    assertThat(whole.grad().toLongArray()).containsExactly(3, 4);
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT64", "BFLOAT16", "INT64", "INT32", "UINT8", "BOOL"})
  void aHookMustKeepTheType(DType type) {
    for (boolean ofLeaf : new boolean[] {true, false}) {
      Tensor x = Tensor.ones(2).setRequiresGrad(true);
      Tensor y = x.mul(2);
      (ofLeaf ? x : y).registerHook(g -> Tensor.ones(type, 2));
      assertThatThrownBy(() -> y.sum().backward())
          .hasMessageContaining("hook: has changed the size or type of value")
          .hasMessageContaining(type + "[2] for FLOAT32[2]");
    }
  }

  @Test
  void aHookMustKeepTheShape() {
    for (Tensor wrong : List.of(Tensor.ones(1), Tensor.ones(1, 2), Tensor.ones())) {
      Tensor x = Tensor.ones(2).setRequiresGrad(true);
      x.registerHook(g -> wrong);
      assertThatThrownBy(() -> x.mul(2).sum().backward())
          .hasMessageContaining("hook: has changed the size or type of value");
    }
  }

  /** Gives a fixed gradient. */
  private static final class Gives extends Function {
    private final Tensor gradient;

    Gives(Tensor gradient) {
      this.gradient = gradient;
    }

    @Override
    protected Tensor[] forward(FunctionContext ctx, Tensor... inputs) {
      return new Tensor[] {inputs[0].sum()};
    }

    @Override
    protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
      return new Tensor[] {gradient.clone()};
    }
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void aFunctionsGradientIsCastAndSummedToTheInput(DType type) {
    Tensor x = Tensor.ones(2).setRequiresGrad(true);
    new Gives(Tensor.of(new float[] {1, 0}).to(type)).apply(x).backward();
    assertThat(x.grad().dtype()).isEqualTo(DType.FLOAT32);
    assertThat(x.grad().toFloatArray()).containsExactly(1, 0);
    Tensor scalar = Tensor.ones().setRequiresGrad(true);
    new Gives(Tensor.of(new float[] {1, 1}).to(type)).apply(scalar).backward();
    assertThat(scalar.grad().shape()).isEmpty();
    assertThat(scalar.grad().item()).isEqualTo(2);
  }

  @Test
  void aFunctionsGradientMustNotBeSmallerThanTheInput() {
    for (Tensor wrong : List.of(Tensor.ones(1), Tensor.ones(), Tensor.ones(3))) {
      Tensor x = Tensor.ones(2).setRequiresGrad(true);
      assertThatThrownBy(() -> new Gives(wrong).apply(x).backward())
          .hasMessageContaining("GivesBackward returned an invalid gradient at index 0 - got ")
          .hasMessageContaining("but expected shape compatible with [2]");
    }
  }

  @Test
  void whatLeadsToNoInputDoesNotRun() {
    Tensor a = leaf(2);
    Tensor b = leaf(3);
    List<String> ran = new ArrayList<>();
    Tensor left = a.sin();
    Tensor right = b.exp();
    left.gradFn().registerPreHook(g -> note(ran, "sin"));
    right.gradFn().registerPreHook(g -> note(ran, "exp"));
    Tensor y = left.mul(right);
    Autograd.grad(List.of(y), List.of(a), null, true, false, false);
    assertThat(ran).containsExactly("sin");
    Autograd.grad(List.of(y), List.of(right), null, true, false, false);
    assertThat(ran).as("reached, but not needed further").containsExactly("sin", "exp");
    // What did not run has kept what it saved.
    Autograd.grad(List.of(right), List.of(b), null, false, false, false);
    assertThatThrownBy(() -> Autograd.grad(right, b)).hasMessageStartingWith("Trying to backward");
  }

  private static Tensor[] note(List<String> ran, String name) {
    ran.add(name);
    return null;
  }

  @Test
  void nodeHooksSeeAndReplaceGradients() {
    Tensor a = leaf(2);
    Tensor b = leaf(5);
    Tensor y = a.mul(b);
    List<Double> seen = new ArrayList<>();
    HookHandle before = y.gradFn().registerPreHook(g -> new Tensor[] {g[0].mul(10)});
    HookHandle after =
        y.gradFn()
            .registerHook(
                (in, out) -> {
                  seen.add(in[0].item());
                  seen.add(out[0].item());
                  return new Tensor[] {in[0].add(1), null};
                });
    y.backward(null, true, false);
    assertThat(seen).containsExactly(50.0, 10.0);
    assertThat(a.grad().item()).isEqualTo(51);
    assertThat(b.grad().item()).isEqualTo(20);
    before.remove();
    after.remove();
    after.remove();
    y.backward(null, true, false);
    assertThat(a.grad().item()).isEqualTo(56);
    y.gradFn().registerHook((in, out) -> new Tensor[1]);
    assertThatThrownBy(y::backward)
        .hasMessage("hook: has changed the number of gradients; got 1 for 2 at MulBackward");
  }

  @Test
  void aRetainedGradientIsTheOneAfterAllHooksAndFollowsChangesInPlace() {
    Tensor a = leaf(2);
    Tensor h = a.mul(3);
    h.retainGrad();
    h.registerHook(g -> g.mul(100));
    h.mul(7).backward(null, true, false);
    assertThat(h.grad().item()).isEqualTo(700);
    Tensor k = leaf(2).mul(3);
    k.retainGrad();
    k.mul_(5);
    k.mul(7).backward();
    assertThat(k.grad().item()).as("of what it is").isEqualTo(7);
    assertThat(k.retainsGrad()).isTrue();
  }

  @Test
  void detachInPlaceLeavesTheGraph() {
    Tensor a = leaf(2);
    Tensor h = a.mul(3);
    assertThat(h.detach_()).isSameAs(h);
    assertThat(h.isLeaf()).isTrue();
    assertThat(h.requiresGrad()).isFalse();
    assertThatThrownBy(() -> a.mul(2).view(1, 1).detach_())
        .hasMessageStartingWith("Can't detach views in-place. Use detach() instead");
  }

  @Test
  void aGraphOfAHundredThousandNodesRuns() {
    Tensor x = leaf(1);
    Tensor y = x;
    for (int i = 0; i < 100_000; i++) {
      y = y.add(1);
    }
    y.backward();
    assertThat(x.grad().item()).isEqualTo(1);
    Tensor z = x;
    for (int i = 0; i < 100_000; i++) {
      z = z.mul(1.0);
    }
    assertThat(Autograd.grad(List.of(z), List.of(x), null, false, true, false)[0].item())
        .isEqualTo(1);
  }

  @Test
  void aLoopWithoutCloseUsesBoundedMemory() {
    MemoryPool pool = MemoryPool.cpu();
    Tensor w = leaf(new double[1000]);
    long bytes = 8L * 1000;
    long start = PoolUse.settled();
    int steps = 30_000;
    long peak = 0;
    for (int i = 0; i < steps; i++) {
      Tensor y = w.mul(2).sin().add(i).exp().sum();
      if (i % 2 == 0) {
        y.backward();
        w.setGrad(null);
      } // else the graph becomes unreachable as it is
      peak = Math.max(peak, pool.usedBytes() - start);
    }
    assertThat(PoolUse.settled() - start).isLessThanOrEqualTo(20 * bytes);
    assertThat(peak).as("far below what was made").isLessThan(3 * bytes * steps);
  }

  @Test
  void theVersionErrorNamesOperationShapeAndVersions() {
    Tensor x = leaf(1, 2);
    Tensor h = x.mul(3);
    Tensor y = h.mul(h);
    h.add_(1);
    assertThatThrownBy(() -> y.sum().backward())
        .hasMessageStartingWith(
            "one of the variables needed for gradient computation has been modified by an inplace"
                + " operation: FLOAT64[2], which is output 0 of MulBackward, saved by MulBackward,"
                + " is at version 1; expected version 0 instead. Hint: ");
  }
}
