package dev.bellows.backend.cuda;

import dev.bellows.memory.DType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The files of kernels, each with those that it builds on: together the source of one module. */
enum KernelFile {
  MOVE(Types.NONE, "loops"),
  COPY(Types.ALL, "loops"),
  UNARY(Types.ALL, "special", "loops"),
  UNARY_RARE(Types.FLOATING, "special", "loops"),
  COMPARE(Types.ALL, "loops", "pairs"),
  BINARY(Types.FLOATING, "loops", "pairs"),
  BINARY_RARE(Types.FLOATING, "special", "loops"),
  INTEGER(Types.WHOLE, "special", "loops", "pairs"),
  MATMUL(Types.ALL, "loops"),
  CONV(Types.FLOATING, "divide"),
  POOL(Types.FLOATING, "divide"),
  RANDOM(Types.ALL),
  OPTIM(Types.FLOATING),
  REDUCE(Types.ALL, "combining", "reducing"),
  REDUCE_RARE(Types.ALL, "combining", "reducing"),
  REDUCE_LOGIC(Types.ALL, "combining", "reducing"),
  REDUCE_PLACES(Types.ALL, "combining", "reducing"),
  SOFTMAX(Types.FLOATING),
  INDEX(Types.ALL),
  SCAN(Types.ALL, "combining"),
  SORT(Types.ALL);

  /** The element types that a file is compiled for, each to a module of its own. */
  private enum Types {
    /** One module, for elements of any type. */
    NONE,
    ALL,
    FLOATING,
    /** Whole numbers and BOOL. */
    WHOLE
  }

  private final Types types;
  private final List<String> parts;

  KernelFile(Types types, String... parts) {
    this.types = types;
    this.parts = new ArrayList<>(List.of(parts));
    this.parts.add(0, "common");
    this.parts.add(name().toLowerCase(java.util.Locale.ROOT));
  }

  /** Whether the file is compiled for an element type; null for the one module of those without. */
  boolean serves(DType type) {
    return switch (types) {
      case NONE -> type == null;
      case ALL -> type != null;
      case FLOATING -> type != null && type.isFloatingPoint();
      case WHOLE -> type != null && !type.isFloatingPoint();
    };
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
