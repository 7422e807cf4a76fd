package dev.bellows.serialize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.tensor.Tensor;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalPathTest {
  @TempDir Path temp;

  private static void assertReads(SafeTensors.File file) {
    assertThat(file.tensors().get("w").toFloatArray()).containsExactly(1, 2);
  }

  @Test
  void aPathAndAFileUriNameTheSameFile() throws IOException {
    for (String name : List.of("m.safetensors", "a b%20ä#?.safetensors")) {
      Path file = temp.resolve(name);
      SafeTensors.save(
          new LinkedHashMap<>(Map.of("w", Tensor.of(new float[] {1, 2}, 2))), Map.of(), file);
      for (String text :
          List.of(
              file.toString(),
              file.toUri().toString(),
              "file:" + file,
              "file://" + file,
              "FILE:" + file)) {
        assertReads(SafeTensors.load(text));
        assertReads(SafeTensors.map(text));
        assertReads(SafeTensors.load(Path.of(text)));
        assertReads(SafeTensors.map(Path.of(text)));
      }
      assertReads(SafeTensors.load("file://localhost" + file));
    }
  }

  @Test
  void pathsOfOtherKindsStayAsTheyAre() throws IOException {
    Path zip = temp.resolve("m.zip");
    try (var inside = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
      Path file = inside.getPath("/m.safetensors");
      Path plain = temp.resolve("m.safetensors");
      SafeTensors.save(
          new LinkedHashMap<>(Map.of("w", Tensor.of(new float[] {1, 2}, 2))), Map.of(), plain);
      Files.copy(plain, file);
      assertReads(SafeTensors.load(file));
      assertReads(SafeTensors.load(inside.getPath("m.safetensors")));
    }
    assertThatThrownBy(() -> SafeTensors.load("nowhere/m.safetensors"))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> SafeTensors.load("file:/nowhere/m.safetensors"))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage("/nowhere/m.safetensors");
    assertThatThrownBy(() -> SafeTensors.load("hdfs://host/m.safetensors"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "load: must be a path or a file: URI; got hdfs://host/m.safetensors. Copy the file"
                + " here first, or open it and call SafeTensors.read");
  }
}
