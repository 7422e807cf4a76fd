package dev.bellows.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    assertThat(records(file)).containsExactly("1|x, \"y\"\nz", "2|", "|3");
    assertThat(file.iterator().next().keySet()).containsExactly("a", "b");
    assertThat(records(csv("1;2\n3;4\n").delimiter(';').header(false)))
        .containsExactly("1|2", "3|4");
    assertThat(records(csv(""))).isEmpty();
    assertThat(records(csv("a,b\n"))).isEmpty();
  }

  @Test
  void numbersBecomeTensors() throws IOException {
    Map<String, Tensor> all = csv("x,y\n1,-2.5e3\n, 4 \n").numbers();
    assertThat(all.get("y").toDoubleArray()).containsExactly(-2500, 4);
    assertThat(all.get("x").toDoubleArray()).containsExactly(1, Double.NaN);
    TensorDataset rows = TensorDataset.of(csv("x,name,y\n1,a,2\n3,b,4\n").numbers("y", "x"));
    assertThat(rows.gather(new long[] {1}).input("y").toDoubleArray()).containsExactly(4);
    assertThat(csv("x\n").numbers("x").get("x").shape()).containsExactly(0);
    StringBuilder many = new StringBuilder("x\n");
    for (int i = 0; i < 100; i++) {
      many.append(i).append('\n');
    }
    assertThat(csv(many.toString()).numbers().get("x").sum().item()).isEqualTo(4950);
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
        .hasMessageContaining("line 2: a quoted field must be followed by a delimiter; got y");
    assertThatThrownBy(() -> records(csv("a\nx\"y\n")))
        .hasMessageContaining("a field with a quote inside must stand in quotes; got x");
    assertThatThrownBy(() -> csv("a\n1\nten\n").numbers())
        .isInstanceOf(IOException.class)
        .hasMessageEndingWith("t.csv: line 3: column a must be a number; got \"ten\"");
    assertThatThrownBy(() -> csv("a\n1\n").numbers("b"))
        .hasMessageEndingWith("t.csv: must have a column b; has [a]");
    assertThatThrownBy(() -> new CsvFile(folder.resolve("none.csv")).iterator().hasNext())
        .hasMessageContaining("none.csv");
  }
}
