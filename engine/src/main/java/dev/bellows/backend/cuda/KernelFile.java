package dev.bellows.backend.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The files of kernels, each with those that it builds on: together the source of one module. */
enum KernelFile {
  MOVE("loops"),
  COPY("loops"),
  UNARY("special", "loops"),
  UNARY_RARE("special", "loops"),
  COMPARE("loops"),
  BINARY("loops"),
  BINARY_RARE("special", "loops"),
  INTEGER("special", "loops"),
  MATMUL("loops"),
  CONV("divide"),
  POOL("divide"),
  RANDOM(),
  OPTIM(),
  REDUCE("reducing"),
  REDUCE_RARE("reducing"),
  REDUCE_LOGIC("reducing"),
  REDUCE_PLACES("reducing"),
  SOFTMAX,
  INDEX,
  SCAN,
  SORT;

  private final List<String> parts;

  KernelFile(String... parts) {
    this.parts = new ArrayList<>(List.of(parts));
    this.parts.add(0, "common");
    this.parts.add(name().toLowerCase(java.util.Locale.ROOT));
  }

  /** The whole text, behind what the platform brings. */
  String source(String platform) {
    StringBuilder source = new StringBuilder(platform);
    parts.forEach(part -> source.append(resource(part + ".cu")));
    return source.toString();
  }

  /** A file of this package. */
  static String resource(String name) {
    try (InputStream in = KernelFile.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("kernels: " + name + " must be in the jar; it is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("kernels: cannot read " + name, e);
    }
  }
}
