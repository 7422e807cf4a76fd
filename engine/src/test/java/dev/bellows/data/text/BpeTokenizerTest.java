package dev.bellows.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Hugging Face's GPT2Tokenizer gives the same numbers and texts. */
@Timeout(30)
class BpeTokenizerTest {
  @TempDir private Path directory;

  private static Path resource(String name) {
    try {
      return Path.of(BpeTokenizerTest.class.getResource(name).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static BpeTokenizer tokenizer() throws IOException {
    return BpeTokenizer.load(resource("vocab.json").getParent());
  }

  private static long[] longs(JsonNode node) {
    long[] values = new long[node.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = node.get(i).asLong();
    }
    return values;
  }

  @Test
  void encodesAndDecodesAsHuggingFace() throws IOException {
    BpeTokenizer tokenizer = tokenizer();
    JsonNode file = new ObjectMapper().readTree(Files.readString(resource("bpe.json")));
    JsonNode texts = file.get("texts");
    for (int i = 0; i < texts.size(); i++) {
      String text = texts.get(i).asText();
      long[] ids = longs(file.get("ids").get(i));
      assertThat(tokenizer.encode(text)).as(text).isEqualTo(ids);
      assertThat(tokenizer.decode(ids)).isEqualTo(text);
      assertThat(tokenizer.decode(true, ids)).isEqualTo(file.get("skipped").get(i).asText());
    }
    for (int i = 0; i < file.get("broken").size(); i++) {
      long[] ids = longs(file.get("broken").get(i));
      assertThat(tokenizer.decode(ids))
          .as("%s", ids)
          .isEqualTo(file.get("decoded").get(i).asText());
    }
  }

  @Test
  void specialTokens() throws IOException {
    BpeTokenizer tokenizer = tokenizer();
    int size = tokenizer.vocabSize();
    assertThat(tokenizer.specialTokens()).containsExactly("<|endoftext|>");
    tokenizer.addSpecialTokens("<pad>", "<pad>>", "<|endoftext|>", "ü Ġ");
    assertThat(tokenizer.vocabSize()).isEqualTo(size + 3);
    assertThat(tokenizer.id("<pad>")).isEqualTo(size);
    assertThat(tokenizer.encode("<pad><pad>>ü Ġ")).containsExactly(size, size + 1, size + 2);
    assertThat(tokenizer.decode(size, size + 1, size + 2)).isEqualTo("<pad><pad>>ü Ġ");
    assertThat(tokenizer.decode(true, tokenizer.encode("a<pad>b"))).isEqualTo("ab");
    assertThat(tokenizer.id("missing")).isNull();
  }

  @Test
  void longPiecesTakeLittleTime() throws IOException {
    BpeTokenizer tokenizer = tokenizer();
    String text = "the".repeat(100_000);
    assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
  }

  @Test
  void errors() throws IOException {
    BpeTokenizer tokenizer = tokenizer();
    assertThatThrownBy(() -> tokenizer.decode(0, 100_000))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("decode: ids must be those of the 360 tokens; got 100000");
    assertThatThrownBy(() -> tokenizer.decode(-1)).hasMessageEndingWith("got -1");
    assertThatThrownBy(() -> tokenizer.decode(1L << 32)).hasMessageEndingWith("got 4294967296");
    assertThatThrownBy(() -> tokenizer.addSpecialTokens(""))
        .hasMessage("addSpecialTokens: must not be empty; got an empty text");
    assertThatThrownBy(() -> new BpeTokenizer(Map.of("a", 0), List.of()))
        .hasMessage(
            "BpeTokenizer: the vocabulary must have all bytes and the tokens of all merges; got"
                + " none for Ā");
    assertThatThrownBy(() -> new BpeTokenizer(Map.of("a", 0, "b", 0), List.of()))
        .hasMessageStartingWith("BpeTokenizer: each token must have its own number; got 0 for ");
    Map<String, Integer> bytes = new HashMap<>();
    for (int b = 0; b < 256; b++) {
      bytes.put(ByteSymbols.symbol(b), b);
    }
    assertThatThrownBy(() -> new BpeTokenizer(bytes, List.of("a b c")))
        .hasMessage("BpeTokenizer: a merge must be two tokens and a space; got a b c");
    assertThatThrownBy(() -> new BpeTokenizer(bytes, List.of("a b")))
        .hasMessageEndingWith("got none for ab");
    assertThat(new BpeTokenizer(bytes, List.of()).encode("ab")).containsExactly('a', 'b');
    Path broken = directory.resolve("vocab.json");
    Files.writeString(broken, "[1, 2]");
    assertThatThrownBy(() -> BpeTokenizer.load(broken, resource("merges.txt")))
        .isInstanceOf(IOException.class);
  }
}
