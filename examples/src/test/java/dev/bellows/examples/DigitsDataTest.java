package dev.bellows.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class DigitsDataTest {
  @Test
  void has1797ImagesOf64PixelsAndADigit() throws IOException {
    List<int[]> rows;
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(
                    DigitsDataTest.class.getResourceAsStream(
                        "/dev/bellows/examples/digits.csv.gz")),
                StandardCharsets.US_ASCII))) {
      rows =
          reader
              .lines()
              .map(line -> Arrays.stream(line.split(",")).mapToInt(Integer::parseInt).toArray())
              .toList();
    }
    assertThat(rows).hasSize(1797).allMatch(row -> row.length == 65);
    int[] counts = new int[10];
    for (int[] row : rows) {
      counts[row[64]]++;
      assertThat(Arrays.stream(row, 0, 64)).allMatch(pixel -> pixel >= 0 && pixel <= 16);
    }
    assertThat(counts).containsExactly(178, 182, 177, 183, 181, 182, 181, 179, 174, 180);
  }
}
