package dev.bellows.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bellows.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class CsvFileTest {
  @TempDir private Path folder;

  private CsvFile csv(String text) throws IOException {
    return new CsvFile(Files.writeString(folder.resolve("t.csv"), text));
  }

  private static List<String> records(CsvFile file) {
    List<String> records = new ArrayList<>();
    file.forEach(record -> records.add(String.join("|", record.values())));
    return records;
  }

  @Test
  void recordsAndQuotes() throws IOException {
    CsvFile file = csv("\uFEFFa,b\r\n1,\"x, \"\"y\"\"\r\nz\"\n\n2,\n\"\",\"3\"");
    assertThat(records(file)).containsExactly("1|x, \"y\"\r\nz", "2|", "|3");
    assertThat(file.iterator().next().keySet()).containsExactly("a", "b");
    assertThat(records(csv("1;2\n3;4\n").delimiter(';').header(false)))
        .containsExactly("1|2", "3|4");
    assertThat(records(csv(""))).isEmpty();
    assertThat(records(csv("a,b\n"))).isEmpty();
    assertThat(records(csv("a,b\r1,2\r\r3,4"))).containsExactly("1|2", "3|4");
    assertThat(records(csv("a\n\"\r\"\r\n\"x\ry\"\r\n"))).containsExactly("\r", "x\ry");
    assertThat(records(csv("a,b\n,\n"))).containsExactly("|");
    assertThatThrownBy(() -> csv("a").delimiter('"'))
        .hasMessage("CsvFile: a delimiter must be no quote and no end of a line; got \"");
  }

  @Test
  void recordsAcrossBuffers() throws IOException {
    StringBuilder text = new StringBuilder("a,b\r\n");
    List<String> wanted = new ArrayList<>();
    for (int i = 0; i < 300; i++) { // ends of lines at each place of the reader's buffer
      String long1 = "ß".repeat(i) + i;
      text.append(long1).append(",\"").append("x\r\n".repeat(i)).append("\"\r\n");
      wanted.add(long1 + "|" + "x\r\n".repeat(i));
    }
    assertThat(records(csv(text.toString()))).isEqualTo(wanted);
  }

  @Test
  void numbersBecomeTensors() throws IOException {
    Map<String, Tensor> all = csv("x,y\n1,-2.5e3\n, 4 \n").numbers();
    assertThat(all.get("y").toDoubleArray()).containsExactly(-2500, 4);
    assertThat(all.get("x").toDoubleArray()).containsExactly(1, Double.NaN);
    TensorDataset rows = TensorDataset.of(csv("x,name,y\n1,a,2\n3,b,4\n").numbers("y", "x"));
    assertThat(rows.gather(new long[] {1}).input("y").toDoubleArray()).containsExactly(4);
    assertThat(csv("x\n").numbers("x").get("x").shape()).containsExactly(0);
    Map<String, Tensor> none = csv("x,y\n").numbers();
    assertThat(none.keySet()).containsExactly("x", "y");
    assertThat(none.get("y").shape()).containsExactly(0);
    assertThat(csv("").numbers()).isEmpty();
    assertThat(csv("").header(false).numbers("0").get("0").shape()).containsExactly(0);
    assertThat(csv("1,2\n").header(false).numbers("1").get("1").toDoubleArray()).containsExactly(2);
    StringBuilder many = new StringBuilder("x\n");
    for (int i = 0; i < 100; i++) {
      many.append(i).append('\n');
    }
    assertThat(csv(many.toString()).numbers().get("x").sum().item()).isEqualTo(4950);
  }

  @Test
  void whatIsANumber() throws IOException {
    String[] numbers = {"1.", ".5", "+2e+3", "-Inf", "infinity", "NaN", "NA", "null", "0012"};
    assertThat(csv("x\n" + String.join("\n", numbers)).numbers().get("x").toDoubleArray())
        .containsExactly(
            1,
            0.5,
            2000,
            Double.NEGATIVE_INFINITY,
            Double.POSITIVE_INFINITY,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            12);
    for (String text : new String[] {"12d", "1f", "0x1p3", "1e", ".", "--1", "1 2", "infin", "١"}) {
      assertThatThrownBy(() -> csv("x\n0\n" + text).numbers())
          .as(text)
          .isInstanceOf(IOException.class)
          .hasMessageEndingWith("t.csv: line 3: column x must be a number; got \"" + text + "\"");
    }
  }

  private long opened() throws IOException {
    Path descriptors = Path.of("/proc/self/fd");
    assumeTrue(Files.isDirectory(descriptors), "the system does not list open files");
    try (Stream<Path> all = Files.list(descriptors)) {
      return all.filter(
              each -> {
                try {
                  return Files.readSymbolicLink(each).endsWith("t.csv");
                } catch (IOException e) { // closed meanwhile
                  return false;
                }
              })
          .count();
    }
  }

  @Test
  void filesAreClosedAfterErrors() throws IOException {
    for (String text : new String[] {"a\n1\nten\n2\n", "a\n1,2\n", "a,a\n", "a\n\"", "b\n1\n"}) {
      CsvFile file = csv(text);
      assertThatThrownBy(() -> file.numbers("a")).as(text).isInstanceOf(IOException.class);
      assertThat(opened()).as(text).isZero();
    }
    Iterator<Map<String, String>> pass = csv("a\n1,2\n3\n").iterator();
    assertThatThrownBy(pass::next).isInstanceOf(UncheckedIOException.class);
    assertThat(pass.hasNext()).isFalse();
  }

  @Test
  void bytesThatAreNotUtf8AreFoundOnTheirLine() throws IOException {
    byte[] text = ("a,b\n" + "1,2\n".repeat(5000) + "3,é4\n5,6\n").getBytes(ISO_8859_1);
    Path file = Files.write(folder.resolve("t.csv"), text);
    Iterator<Map<String, String>> pass = new CsvFile(file).iterator();
    for (int i = 0; i < 5000; i++) {
      pass.next();
    }
    assertThatThrownBy(pass::next)
        .hasMessageEndingWith(
            "t.csv: line 5002: text must be UTF-8; got the byte 0xe9 at byte 3 of the line");
  }

  @Test
  void errorsNameTheLine() throws IOException {
    assertThatThrownBy(() -> records(csv("a,b\n1,2\n3\n")))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("t.csv: line 3: a record must have 2 fields; has 1");
    assertThatThrownBy(() -> records(csv("a,a\n1,2\n")))
        .hasMessageContaining("line 1: names in the first record must differ; got [a, a]");
    assertThatThrownBy(() -> records(csv("a\n\"x\n")))
        .hasMessageContaining("line 2: a quoted field must end; got the end of the file");
    assertThatThrownBy(() -> records(csv("a\n\"x\"y\n")))
        .hasMessageContaining(
            "line 2: a quoted field must be followed by a delimiter; got y, after the quote of line"
                + " 2");
    assertThatThrownBy(() -> records(csv("a,b\n1,2\n3,\"x\n\n4,5\n")))
        .hasMessageContaining("line 3: a quoted field must end; got the end of the file");
    assertThatThrownBy(() -> records(csv("a\n\"" + "x,y\n".repeat(4_300_000) + "\"\n")))
        .hasMessageContaining(
            "t.csv: line 2: a quoted field must have at most 16777216 characters; its closing quote"
                + " may be missing");
    assertThatThrownBy(() -> records(csv("a\nx\"y\n")))
        .hasMessageContaining("a field with a quote inside must stand in quotes; got x");
    assertThatThrownBy(() -> csv("a\n1\nten\n").numbers())
        .isInstanceOf(IOException.class)
        .hasMessageEndingWith("t.csv: line 3: column a must be a number; got \"ten\"");
    assertThatThrownBy(() -> csv("a\n1\n").numbers("b"))
        .hasMessageEndingWith("t.csv: must have a column b; has [a]");
    assertThatThrownBy(() -> new CsvFile(folder.resolve("none.csv")).iterator().hasNext())
        .hasMessageContaining("none.csv: cannot be read: java.nio.file.NoSuchFileException");
  }
}
