package dev.bellows.memory;

import dev.bellows.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.List;

/** Makes tensors several times, by several ways, and prints what comes of each. */
public final class FirstNativeCall {
  private FirstNativeCall() {}

  public static void main(String[] args) {
    List<Runnable> calls =
        List.of(
            () -> Tensor.ones(2),
            () -> Tensor.ones(2),
            () -> Storage.allocate(10),
            () -> Storage.wrap(ByteBuffer.allocateDirect(8)),
            () -> Tensor.randn(3, 3).matmul(Tensor.randn(3, 3)));
    for (int i = 0; i < calls.size(); i++) {
      try {
        calls.get(i).run();
        System.out.println(i + " works");
      } catch (Throwable e) { // whatever is thrown, users see it
        System.out.println(i + " " + e);
      }
    }
  }
}
