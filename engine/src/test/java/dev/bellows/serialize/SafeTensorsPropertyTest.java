package dev.bellows.serialize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

class SafeTensorsPropertyTest {
  @Property(tries = 200)
  void savingThenLoadingIsIdentity(
      @ForAll @Size(max = 6) Map<@StringLength(max = 12) String, DType> types,
      @ForAll Map<String, String> metadata,
      @ForAll @Size(max = 3) List<@IntRange(max = 5) Integer> shape,
      @ForAll long seed)
      throws IOException {
    types.remove("__metadata__");
    long[] sizes = shape.stream().mapToLong(Integer::longValue).toArray();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Generator generator = new Generator(seed);
    types.forEach(
        (name, type) ->
            tensors.put(name, Tensor.randn(generator, DType.FLOAT64, sizes).mul(3).abs().to(type)));
    byte[] bytes;
    try {
      bytes = SafeTensorsTest.bytes(tensors, metadata);
    } catch (IllegalArgumentException e) { // text that UTF-8 cannot hold
      assertThat(e).hasMessageStartingWith("safetensors: header cannot be written: ");
      return;
    }
    assertThat(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong() % 8).isZero();
    SafeTensors.File file = SafeTensorsTest.parse(bytes);
    assertThat(file.metadata()).isEqualTo(metadata);
    assertThat(file.tensors().keySet()).containsExactlyElementsOf(tensors.keySet());
    tensors.forEach((name, tensor) -> SafeTensorsTest.assertSame(file.tensors().get(name), tensor));
  }
}
