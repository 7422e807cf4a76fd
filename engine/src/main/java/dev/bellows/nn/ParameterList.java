package dev.bellows.nn;

import dev.bellows.tensor.Tensor;
import java.util.ArrayList;

/**
 * A list of parameters named "0", "1" and so on. A tensor that is no parameter becomes one.
 * Negative indices count from the end. Source: PyTorch's {@code torch.nn.ParameterList}.
 */
public final class ParameterList extends MemberList<Parameter, ParameterList> {
  /** Creates a list of the given parameters. */
  public ParameterList(Tensor... parameters) {
    for (Tensor parameter : parameters) {
      append(parameter);
    }
  }

  /** Creates a list of the given parameters. */
  public ParameterList(Iterable<? extends Tensor> parameters) {
    extend(parameters);
  }

  @Override
  void registerAs(String name, Parameter member) {
    register(name, member);
  }

  /** Appends a parameter; returns this list. */
  public ParameterList append(Tensor parameter) {
    return add(Parameter.from(parameter));
  }

  /** Appends parameters; returns this list. */
  public ParameterList extend(Iterable<? extends Tensor> parameters) {
    parameters.forEach(this::append);
    return this;
  }

  /**
   * Replaces the i-th parameter; returns this list.
   *
   * @throws IndexOutOfBoundsException if there is none
   */
  public ParameterList set(int i, Tensor parameter) {
    return setAt(i, Parameter.from(parameter));
  }

  /**
   * Returns the i-th parameter.
   *
   * @throws IndexOutOfBoundsException if there is none
   */
  public Parameter get(int i) {
    return entries().get(index(i, size()));
  }

  @Override
  protected String extraRepr() {
    return ParameterDict.describe(members(new ArrayList<>()));
  }
}
