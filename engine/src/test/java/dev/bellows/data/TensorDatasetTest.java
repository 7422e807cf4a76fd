package dev.bellows.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorScope;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TensorDatasetTest {
  private static TensorDataset source() {
    Map<String, Tensor> columns = new LinkedHashMap<>();
    columns.put("image", Tensor.arange(12).to(DType.FLOAT32).view(2, 3, 2).permute(1, 0, 2));
    columns.put("label", Tensor.of(new long[] {7, 8, 9}));
    return TensorDataset.of(columns);
  }

  @Test
  void gathersRowsInTheOrderAsked() {
    TensorDataset source;
    try (TensorScope scope = TensorScope.open()) {
      assertThat(scope).isNotNull();
      source = source();
    }
    assertThat(source.rows()).isEqualTo(3);
    Batch batch = source.gather(new long[] {2, 0, 2});
    assertThat(batch.size()).isEqualTo(3);
    assertThat(batch.names()).containsExactly("image", "label");
    assertThat(batch.input("label").toLongArray()).containsExactly(9, 7, 9);
    assertThat(batch.input("image").shape()).containsExactly(3, 2, 2);
    assertThat(batch.input("image").toFloatArray())
        .containsExactly(4, 5, 10, 11, 0, 1, 6, 7, 4, 5, 10, 11);
    assertThat(batch).hasToString("Batch(image FLOAT32[3, 2, 2], label INT64[3])");
    assertThat(source.gather(new long[0]).input("image").shape()).containsExactly(0, 2, 2);
  }

  @Test
  void refusals() {
    TensorDataset source = source();
    assertThatThrownBy(() -> source.gather(new long[] {0, 3}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("gather: row numbers must be in [0, 3); got 3 at position 1 of 2");
    assertThatThrownBy(() -> source.gather(new long[] {-1}))
        .hasMessageContaining("got -1 at position 0");
    assertThatThrownBy(() -> source.gather(new long[1]).input("x"))
        .hasMessage("batch: no input named x; there are [image, label]");
    assertThatThrownBy(() -> TensorDataset.of(Map.of()))
        .hasMessage("TensorDataset: needs at least one input; got none");
    Map<String, Tensor> uneven = new LinkedHashMap<>();
    uneven.put("a", Tensor.ones(2, 3));
    uneven.put("b", Tensor.ones(3));
    assertThatThrownBy(() -> TensorDataset.of(uneven))
        .hasMessage(
            "TensorDataset: inputs must have the same number of rows (dimension 0); got {a=[2, 3],"
                + " b=[3]}");
    assertThatThrownBy(() -> Batch.of(Map.of("a", Tensor.scalar(1, DType.FLOAT32))))
        .hasMessage("batch: inputs must have the same number of rows (dimension 0); got {a=[]}");
  }
}
