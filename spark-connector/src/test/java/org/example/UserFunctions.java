package org.example;

import dev.bellows.autograd.Function;
import dev.bellows.autograd.FunctionContext;
import dev.bellows.data.Batch;
import dev.bellows.nn.Module;
import dev.bellows.spark.Tiny;
import dev.bellows.tensor.Tensor;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Functions of a user that fail, outside of the packages of Bellows. */
public final class UserFunctions {
  private UserFunctions() {}

  /** Throws an IOException without saying so, as Scala and Kotlin do. */
  public static RuntimeException io(String message) {
    return UserFunctions.<RuntimeException>sneak(new IOException(message));
  }

  /** Throws. */
  public static <T> T unsupported(String message) {
    throw new UnsupportedOperationException(message);
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> RuntimeException sneak(Throwable thrown) throws T {
    throw (T) thrown;
  }

  /** A key that is not there, unboxed. */
  public static Tensor nullPointer(Tiny.Net model, Batch batch) {
    Map<String, Double> weights = Map.of();
    double weight = weights.get("x");
    return Tiny.loss(model, batch).mul(weight);
  }

  /** A file that cannot be read. */
  public static Tensor io(Tiny.Net model, Batch batch) {
    throw io("no vocabulary");
  }

  /** A cause on another thread, with an exception of that thread in between. */
  public static Tensor wrapped(Tiny.Net model, Batch batch) {
    try {
      return CompletableFuture.supplyAsync(() -> io(model, batch)).join();
    } catch (CompletionException e) {
      throw new IllegalStateException("several\n  lines", e);
    }
  }

  /** Never ends. */
  public static Tensor recursion(Tiny.Net model, Batch batch) {
    return recursion(model, batch).add(1);
  }

  /** What the engine refuses. */
  public static Tensor shapes(Tiny.Net model, Batch batch) {
    return model.call(batch.input("x")).matmul(Tensor.zeros(7, 1)).mean();
  }

  /** No tensor at all. */
  public static Tensor nothing(Tiny.Net model, Batch batch) {
    return null;
  }

  /** Fails on the way back only. */
  public static Tensor backward(Tiny.Net model, Batch batch) {
    return new Broken().apply(Tiny.loss(model, batch));
  }

  private static final class Broken extends Function {
    @Override
    protected Tensor[] forward(FunctionContext context, Tensor... inputs) {
      return new Tensor[] {inputs[0].mul(1)};
    }

    @Override
    protected Tensor[] backward(FunctionContext context, Tensor... gradOutputs) {
      throw new UnsupportedOperationException("no gradient yet");
    }
  }

  /** A model whose class cannot be initialised. */
  public static final class Uninitialised extends Module {
    static final int WIDTH = Integer.parseInt("six");

    @Override
    protected Tensor forward(Tensor x) {
      return x.mul(WIDTH);
    }
  }
}
