package dev.bellows.trace;

import dev.bellows.nn.Buffer;
import dev.bellows.nn.Module;
import dev.bellows.nn.Parameter;
import dev.bellows.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** Holds the parameters, buffers and submodules of a traced module under their names. */
class TracePart extends Module {
  // names that no module of a user has, as registered names and those of fields must differ
  private final String tracedFrom;
  private final transient Map<String, TracePart> tracedParts = new LinkedHashMap<>();

  TracePart(String tracedFrom) {
    this.tracedFrom = tracedFrom;
  }

  /** Returns the simple name of the class that was traced. */
  public final String originalName() {
    return tracedFrom;
  }

  /** Registers an empty part at a path, whose parent is there. */
  final void addPart(String path, String original) {
    TracePart holder = holder(path);
    TracePart part = new TracePart(original);
    holder.register(last(path), part);
    holder.tracedParts.put(last(path), part);
  }

  /**
   * Registers a parameter or buffer at a path.
   *
   * @throws IllegalArgumentException if there is no such part
   */
  final void addTensor(String path, Tensor tensor) {
    TracePart holder = holder(path);
    if (tensor instanceof Parameter parameter) {
      holder.register(last(path), parameter);
    } else {
      holder.register(last(path), (Buffer) tensor);
    }
  }

  private TracePart holder(String path) {
    TracePart holder = this;
    String[] names = path.split("\\.", -1);
    for (int i = 0; i < names.length - 1; i++) {
      holder = holder.tracedParts.get(names[i]);
      if (holder == null) {
        throw new IllegalArgumentException("there is no module for " + path);
      }
    }
    return holder;
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('.') + 1);
  }

  @Override
  protected final String extraRepr() {
    return "original_name=" + tracedFrom;
  }
}
