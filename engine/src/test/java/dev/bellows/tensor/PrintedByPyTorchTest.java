package dev.bellows.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bellows.memory.DType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.stream.IntStream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hundreds of tensors as PyTorch 2.13 prints them; {@code make_printed.py} wrote the texts. */
@Timeout(60)
class PrintedByPyTorchTest {
  private static Tensor tensor(JsonNode each) {
    byte[] bytes = Base64.getDecoder().decode(each.get("data").asText());
    ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).order(ByteOrder.nativeOrder());
    direct.put(bytes).flip();
    JsonNode shape = each.get("shape");
    long[] sizes = IntStream.range(0, shape.size()).mapToLong(d -> shape.get(d).asLong()).toArray();
    return Tensor.wrap(direct, DType.valueOf(each.get("type").asText()), sizes);
  }

  private static PrintOptions options(JsonNode given) {
    PrintOptions options = PrintOptions.DEFAULT;
    return new PrintOptions(
        given.path("precision").asInt(options.precision()),
        given.path("threshold").asInt(options.threshold()),
        given.path("edgeitems").asInt(options.edgeItems()),
        given.path("linewidth").asInt(options.lineWidth()),
        given.has("sci_mode") ? given.get("sci_mode").asBoolean() : null);
  }

  @Test
  void tensorsAreShownAlike() throws IOException {
    JsonNode all;
    try (InputStream in = PrintedByPyTorchTest.class.getResourceAsStream("printed.json")) {
      all = new ObjectMapper().readTree(in);
    }
    assertThat(all.size()).isGreaterThan(700);
    SoftAssertions softly = new SoftAssertions();
    for (JsonNode each : all) {
      softly
          .assertThat(tensor(each).toString(options(each.get("options"))))
          .as("%s%s %s", each.get("type"), each.get("shape"), each.get("options"))
          .isEqualTo(each.get("text").asText());
    }
    softly.assertAll();
  }
}
