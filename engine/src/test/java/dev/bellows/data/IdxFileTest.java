package dev.bellows.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class IdxFileTest {
  private static final String IMAGES = "00000802" + "00000002" + "00000003" + "0001027f80ff";

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(plain);
    }
    return out.toByteArray();
  }

  @Test
  void readsPlainAndCompressedFiles(@TempDir Path dir) throws IOException {
    Path plain = Files.write(dir.resolve("a"), bytes(IMAGES));
    Path compressed = Files.write(dir.resolve("a.gz"), gzip(bytes(IMAGES)));
    for (Path path : new Path[] {plain, compressed}) {
      Tensor images = IdxFile.read(path);
      assertThat(images.dtype()).isEqualTo(DType.UINT8);
      assertThat(images.shape()).containsExactly(2, 3);
      assertThat(images.toLongArray()).containsExactly(0, 1, 2, 127, 128, 255);
    }
  }

  @Test
  void readsWiderTypes() throws IOException {
    assertThat(read("00000c01" + "00000002" + "00000001fffffffe").toLongArray())
        .containsExactly(1, -2);
    assertThat(read("00000d01" + "00000001" + "3fc00000").toFloatArray()).containsExactly(1.5f);
    assertThat(read("00000e01" + "00000001" + "3ff8000000000000").toDoubleArray())
        .containsExactly(1.5);
    assertThat(read("00000803" + "00000000" + "7fffffff" + "7fffffff").shape())
        .containsExactly(0, Integer.MAX_VALUE, Integer.MAX_VALUE);
  }

  private static Tensor read(String hex) throws IOException {
    return IdxFile.read(new ByteArrayInputStream(bytes(hex)), "f");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "01000801 | f: idx files start with two zero bytes; got 01 00",
        "00000901 | f: type must be 0x08, 0x0c, 0x0d or 0x0e; got 0x09",
        "000008 | f: ends inside the magic number; got 3 of 4 bytes",
        "000008020000 | f: ends inside the sizes; got 2 of 8 bytes",
        "00000801ffffffff | f: sizes must not be negative; got -1",
        "000008010000000500 | f: ends inside the elements of [5]; got 1 of 5 bytes",
        "00000801000000010000 | f: must end after the elements of [1]; more follows",
        "000008027fffffff7fffffff | f: must have less than 2 GiB of elements; got sizes"
            + " [2147483647, 2147483647]"
      })
  void refusals(String hex, String message) {
    assertThatThrownBy(() -> read(hex)).isInstanceOf(IOException.class).hasMessage(message);
  }

  @Test
  void brokenCompressionNamesTheFile(@TempDir Path dir) throws IOException {
    byte[] whole = gzip(bytes(IMAGES));
    Path cut = Files.write(dir.resolve("cut.gz"), Arrays.copyOf(whole, whole.length - 9));
    assertThatThrownBy(() -> IdxFile.read(cut))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(cut + ": ");
    whole[whole.length - 6] ^= 1;
    Path wrong = Files.write(dir.resolve("wrong.gz"), whole);
    assertThatThrownBy(() -> IdxFile.read(wrong))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(wrong + ": ");
  }
}
