package dev.bellows.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.memory.DType;
import dev.bellows.ops.Types;
import dev.bellows.tensor.Tensor;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The element type of a result, for every two types with and without dimensions. */
@Timeout(60)
class LibtorchTypesTest {
  @ParameterizedTest
  @EnumSource(DType.class)
  void promotionAgrees(DType a) {
    for (DType b : DType.values()) {
      for (long[] shapeA : new long[][] {{}, {2}}) {
        for (long[] shapeB : new long[][] {{}, {2}}) {
          DType expected;
          try (PointerScope scope = new PointerScope()) {
            double[] one = new double[shapeA.length + 1];
            double[] two = new double[shapeB.length + 1];
            expected =
                Torch.type(torch.result_type(Torch.of(a, one, shapeA), Torch.of(b, two, shapeB)));
          }
          assertThat(Types.promote(Tensor.zeros(a, shapeA), Tensor.zeros(b, shapeB)))
              .as("%s %d-d with %s %d-d", a, shapeA.length, b, shapeB.length)
              .isEqualTo(expected);
        }
      }
    }
  }
}
