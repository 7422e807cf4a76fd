package dev.bellows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.nn.StateDict;
import dev.bellows.serialize.StateDicts;
import dev.bellows.serialize.TorchFile;
import dev.bellows.tensor.Tensor;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Timeout(60)
class ConvertCommandTest {
  @TempDir private Path temp;
  private final StringWriter out = new StringWriter();

  private int convert(String... arguments) {
    CommandLine line = Bellows.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(out));
    String[] all = new String[arguments.length + 1];
    all[0] = "convert";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return line.execute(all);
  }

  @Test
  void weightsGoThereAndBack() throws IOException {
    Path torch = temp.resolve("m.pt");
    Path safe = temp.resolve("m.safetensors");
    Path again = temp.resolve("again.bin");
    TorchFile.save(Map.of("state_dict", Map.of("w", Tensor.ones(2, 3)), "epoch", 4L), torch);
    assertThat(convert(torch.toString(), safe.toString(), "--key", "state_dict")).isZero();
    assertThat(out.toString()).contains("m.safetensors: 1 tensors");
    assertThat(convert(safe.toString(), again.toString())).isZero();
    StateDict dict = StateDicts.load(again);
    assertThat(dict.get("w").shape()).containsExactly(2, 3);
    assertThat(dict.get("w").toFloatArray()).containsOnly(1);
  }

  @Test
  void errorsSayWhatToDo() throws IOException {
    Path torch = temp.resolve("m.pt");
    TorchFile.save(Map.of("state_dict", Map.of("w", Tensor.ones(1))), torch);
    assertThat(convert(torch.toString(), temp.resolve("m.bin").toString())).isEqualTo(1);
    assertThat(out.toString()).contains("must be a state dict").contains("[state_dict]");
    assertThat(convert(temp.resolve("none.pt").toString(), "b.pt")).isEqualTo(1);
    assertThat(out.toString()).contains("convert: the file must exist; got");
    StateDicts.save(StateDict.of(Map.of("w", Tensor.ones(1))), torch);
    assertThat(convert(torch.toString(), temp.resolve("m.txt").toString())).isEqualTo(1);
    assertThat(out.toString()).contains("the name must end in .safetensors");
  }
}
