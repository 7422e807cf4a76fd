package dev.bellows.trace;

import dev.bellows.autograd.Calls;
import dev.bellows.tensor.Tensor;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A call of a public operation that a {@link Calls.Recorder} received. */
public final class OperationCall {
  private final String operation;
  private final Object[] arguments;

  /** Creates a call from what the recorder was given. */
  public OperationCall(String operation, Object... arguments) {
    this.operation = operation;
    this.arguments = arguments;
  }

  /** Returns the name with the types of parameters, as {@code nn.linear(Tensor,Tensor)}. */
  public String operation() {
    return operation;
  }

  /** Returns the arguments, the tensor itself first. */
  public Object[] arguments() {
    return arguments.clone();
  }

  /** Returns whether there is an operation of this name. */
  public static boolean exists(String name) {
    return Operators.names().contains(name);
  }

  /** Runs the operation; the calling thread's recorder must not be the one that received it. */
  public Object run() {
    return Operators.invoke(Operators.find(operation), arguments);
  }

  /** Returns whether an argument is of a type. */
  public boolean names(Class<?> type) {
    for (Object argument : arguments) {
      if (type.isInstance(argument)) {
        return true;
      }
    }
    return false;
  }

  /** Returns the first floating-point tensor of the arguments or of their lists, or null. */
  public Tensor firstFloating() {
    for (Object argument : arguments) {
      if (argument instanceof Tensor x && x.dtype().isFloatingPoint()) {
        return x;
      }
      if (argument instanceof List<?> || argument instanceof Tensor[]) {
        Tensor[] found = {null};
        change(argument, x -> found[0] = found[0] == null && isFloating(x) ? x : found[0]);
        if (found[0] != null) {
          return found[0];
        }
      }
    }
    return null;
  }

  private static boolean isFloating(Tensor x) {
    return x.dtype().isFloatingPoint();
  }

  /** Returns the call with other tensors, also in lists, arrays and options. */
  public OperationCall withTensors(UnaryOperator<Tensor> change) {
    Object[] changed = arguments.clone();
    for (int i = 0; i < changed.length; i++) {
      changed[i] =
          CallArguments.isPlain(changed[i])
              ? changed[i]
              : isOptions(changed[i]) ? options(i, change) : change(changed[i], change);
    }
    return new OperationCall(operation, changed);
  }

  private static boolean isOptions(Object argument) {
    return !(argument instanceof Tensor)
        && !(argument instanceof List<?>)
        && !(argument instanceof Object[]);
  }

  private static Object change(Object argument, UnaryOperator<Tensor> change) {
    if (argument instanceof Tensor x) {
      return change.apply(x);
    }
    if (argument instanceof List<?> list) {
      List<Object> changed = new ArrayList<>();
      list.forEach(each -> changed.add(each instanceof Tensor x ? change.apply(x) : each));
      return changed;
    }
    if (argument instanceof Tensor[] tensors) {
      Tensor[] changed = tensors.clone();
      for (int i = 0; i < changed.length; i++) {
        changed[i] = change.apply(changed[i]);
      }
      return changed;
    }
    return argument;
  }

  /** Returns a copy of options with other tensors, or the options if they have none. */
  private Object options(int i, UnaryOperator<Tensor> change) {
    List<Tensor> tensors = new ArrayList<>();
    Object encoded =
        CallArguments.encode(
            arguments[i],
            x -> {
              tensors.add(change.apply(x));
              return Integer.toString(tensors.size() - 1);
            });
    if (tensors.isEmpty()) {
      return arguments[i];
    }
    Method method = Operators.find(operation);
    int place = Operators.isStatic(method) ? i : i - 1;
    Type type = method.getGenericParameterTypes()[place];
    return CallArguments.decode(encoded, type, name -> tensors.get(Integer.parseInt(name)));
  }
}
