package dev.bellows.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bellows.backend.FakeDevice;
import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Checks that {@code docs/ops.md} matches the table; {@code -Dbellows.docs.write=true} rewrites it.
 */
@Timeout(60)
class OpsDocTest {
  private static final int SAMPLES = 20;
  private static final Path PAGE = Path.of("..", "docs", "ops.md");

  @Test
  void pageIsThatOfTheTable() throws IOException {
    String page = page();
    if (Boolean.getBoolean("bellows.docs.write")) {
      Files.writeString(PAGE, page);
    }
    assertThat(Files.readString(PAGE))
        .as("%s must be written anew: -Dtest=OpsDocTest -Dbellows.docs.write=true", PAGE)
        .isEqualTo(page);
  }

  private static String page() {
    StringBuilder page = new StringBuilder();
    page.append("# Operations\n\n");
    page.append(
        "Do not edit: `mvn -pl engine test -Dtest=OpsDocTest -Dbellows.docs.write=true` writes this"
            + " page from the tables in `engine/src/test/java/dev/bellows/oracle`, and a test"
            + " compares the two. What a row says is tested: each operation runs with random"
            + " shapes, layouts, element types and values against libtorch, its gradients too, and"
            + " these against finite differences.\n\n");
    page.append(
        "Where Bellows differs from PyTorch on purpose:"
            + " [pytorch-differences.md](pytorch-differences.md).\n\n");
    page.append("- *Element types*: those it takes. " + sets() + "\n");
    page.append("- *Gradients*: how often it can be differentiated.\n");
    page.append("- *In place*: whether there is a form that overwrites its first argument; its");
    page.append(" name ends in `_`.\n");
    page.append("- *CPU*: `fast` where contiguous FLOAT32 runs on vector instructions or oneDNN;");
    page.append(" `plain` where it runs on the loops of all other types.\n");
    page.append(
        "- *Devices*: where it computes for tensors on another device than the CPU: `there`");
    page.append(" with the device's kernels, or `host` where elements go through the host, which");
    page.append(
        " waits for the device to have them. Results are on the device again. Gradients are");
    page.append(" computed there.\n");
    FakeDevice device = FakeDevice.install(0);
    try {
      OpTable.topics().forEach((topic, infos) -> append(page, topic, infos, device));
    } finally {
      device.close();
    }
    return page.toString();
  }

  private static void append(
      StringBuilder page, String topic, List<OpInfo> infos, FakeDevice device) {
    page.append("\n## ").append(topic).append("\n\n");
    page.append("| operation | element types | gradients | in place | CPU | devices |\n");
    page.append("|---|---|---|---|---|---|\n");
    for (OpInfo info : infos.stream().filter(i -> !i.name().contains(" ")).toList()) {
      List<String> cells =
          List.of(
              "`" + info.name() + "`",
              types(info.accepts()),
              List.of("no", "once", "twice").get(info.times()),
              isInPlace(info) ? "yes" : "no",
              info.vectors() ? "fast" : "plain",
              goesThroughTheHost(info, device) ? "host" : "there");
      page.append(cells.stream().collect(Collectors.joining(" | ", "| ", " |\n")));
    }
  }

  private static boolean isInPlace(OpInfo info) {
    List<DType> types = info.types().list();
    return IntStream.range(0, 20)
        .mapToObj(i -> info.sampler().sample(new Rng(i, false), types.get(i % types.size())))
        .anyMatch(sample -> sample.inPlaceScript() != null);
  }

  /** Whether one of some calls brings elements to the host; others may be spared that. */
  private static boolean goesThroughTheHost(OpInfo info, FakeDevice device) {
    List<DType> types = info.types().list();
    for (int i = 0; i < SAMPLES; i++) {
      Rng r = new Rng(i, false);
      Sample sample = info.sampler().sample(r, types.get(i % types.size()));
      try (TensorScope scope = TensorScope.open()) {
        Tensor[] in =
            sample.args().stream()
                .map(arg -> arg.values(r, Arg.Fill.PLAIN).ours().to(device.device()))
                .toArray(Tensor[]::new);
        int before = device.downloads();
        try {
          sample.ours().apply(in);
        } catch (RuntimeException e) {
          continue; // a call that is refused
        }
        if (device.downloads() > before) {
          return true;
        }
      }
    }
    return false;
  }

  private static String sets() {
    return "*Floating*: "
        + names(OpInfo.FLOATING)
        + "; *integer*: "
        + names(OpInfo.INTEGRAL)
        + "; *numeric*: both; *all*: also BOOL.";
  }

  private static String types(OpInfo.Types types) {
    if (types.equals(OpInfo.ALL)) {
      return "all";
    } else if (types.equals(OpInfo.NUMERIC)) {
      return "numeric";
    } else if (types.equals(OpInfo.FLOATING)) {
      return "floating";
    } else if (types.equals(OpInfo.INTEGRAL)) {
      return "integer";
    }
    return names(types);
  }

  private static String names(OpInfo.Types types) {
    return types.list().stream().map(DType::name).collect(Collectors.joining(", "));
  }
}
