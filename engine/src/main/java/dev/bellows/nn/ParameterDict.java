package dev.bellows.nn;

import dev.bellows.memory.Device;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Parameters by name, in order of insertion. A tensor that is no parameter becomes one. Source:
 * PyTorch's {@code torch.nn.ParameterDict}.
 */
public final class ParameterDict extends MemberDict<Parameter> {
  /** Creates an empty dict. */
  public ParameterDict() {}

  /** Creates a dict with a map's entries, in its order. */
  public ParameterDict(Map<String, ? extends Tensor> parameters) {
    update(parameters);
  }

  @Override
  void registerAs(String name, Parameter member) {
    register(name, member);
  }

  /** Adds or replaces an entry; returns this dict. */
  public ParameterDict put(String name, Tensor parameter) {
    registerAs(name, Parameter.from(parameter));
    return this;
  }

  /** Adds or replaces entries, in the map's order; returns this dict. */
  public ParameterDict update(Map<String, ? extends Tensor> parameters) {
    parameters.forEach(this::put);
    return this;
  }

  /**
   * Returns the parameter of a name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public Parameter get(String name) {
    return entry(name);
  }

  @Override
  protected String extraRepr() {
    return describe(map());
  }

  /** Returns a line with the name, type, shape and device of each parameter. */
  static String describe(Map<String, ?> parameters) {
    List<String> lines = new ArrayList<>();
    parameters.forEach(
        (name, value) -> {
          Tensor tensor = (Tensor) value;
          String shape =
              Arrays.stream(tensor.shape())
                  .mapToObj(Long::toString)
                  .collect(Collectors.joining("x"));
          String place = tensor.device().equals(Device.CPU) ? "" : " (" + tensor.device() + ")";
          lines.add(
              "  ("
                  + name
                  + "): Parameter containing: ["
                  + tensor.dtype()
                  + " of size "
                  + shape
                  + place
                  + "]");
        });
    return String.join("\n", lines);
  }
}
