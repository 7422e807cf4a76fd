package dev.bellows.backend.cuda;

import dev.bellows.memory.DType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * The sources of kernel modules: resource files of this package, and for pointwise operations the
 * text that {@link PointwiseText} prints.
 */
enum KernelFile {
  MOVE(Types.NONE, "loops"),
  COPY(Types.ALL, "loops"),
  UNARY(Types.ALL, PointwiseText::unary, "special", "loops", "pointwise"),
  UNARY_WIDE(Types.FLOATING, PointwiseText::unaryWide, "special", "loops", "pointwise"),
  COMPARE(Types.ALL, PointwiseText::compare, "loops", "pointwise"),
  BINARY(Types.FLOATING, PointwiseText::binary, "loops", "pointwise", "scaled"),
  BINARY_WIDE(Types.FLOATING, PointwiseText::binaryWide, "special", "loops", "pointwise", "root"),
  INTEGER(Types.WHOLE, PointwiseText::integer, "special", "loops", "pointwise", "scaled"),
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

  /** The element types for which a file is compiled, each to a separate module. */
  private enum Types {
    /** One module, for elements of any type. */
    NONE,
    ALL,
    FLOATING,
    /** Integers and BOOL. */
    WHOLE
  }

  private final Types types;
  private final List<String> parts = new ArrayList<>(List.of("common"));
  private final Supplier<String> printed;

  /** Creates a kernel file that follows the parts. */
  KernelFile(Types types, String... parts) {
    this(types, () -> "", parts);
    this.parts.add(name().toLowerCase(Locale.ROOT));
  }

  /** Creates kernels whose printed text follows the parts. */
  KernelFile(Types types, Supplier<String> printed, String... parts) {
    this.types = types;
    this.printed = printed;
    this.parts.addAll(List.of(parts));
  }

  /**
   * Returns whether the file is compiled for an element type; null for the single module of files
   * without element types.
   */
  boolean serves(DType type) {
    return switch (types) {
      case NONE -> type == null;
      case ALL -> type != null;
      case FLOATING -> type != null && type.isFloatingPoint();
      case WHOLE -> type != null && !type.isFloatingPoint();
    };
  }

  /** Returns the complete source, starting with the platform header. */
  String source(String platform) {
    StringBuilder source = new StringBuilder(platform);
    parts.forEach(part -> source.append(resource(part + ".cu")));
    return source.append(printed.get()).toString();
  }

  /** Returns a file of this package. */
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
