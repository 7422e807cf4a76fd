package dev.bellows.nn;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.tensor.Tensor;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A part of a model: it holds parameters, buffers and other modules in its fields, and computes a
 * tensor from a tensor.
 *
 * <pre>{@code
 * final class LeNet extends Module {
 *   final Conv2d conv1 = new Conv2d(1, 32, 3);
 *   final Linear fc1 = new Linear(5408, 10);
 *
 *   protected Tensor forward(Tensor x) {
 *     return fc1.call(maxPool2d(relu(conv1.call(x)), 2).flatten(1));
 *   }
 * }
 * }</pre>
 *
 * <p>Fields of type {@code Module}, {@link Parameter} and {@link Buffer} are found by reflection,
 * superclass first, in order of declaration, under their own names; {@link #register} adds what has
 * no field, after them. Static and transient fields are ignored; a null field is an error unless
 * marked {@link MayBeNull}. If a field is reassigned, its new value is registered from then on.
 *
 * <p>A module that reaches unregistered members is rejected: in an array, a collection, a record or
 * another object, captured by a lambda or by an anonymous module, or as a field that an inner class
 * uses of its enclosing object. Transient fields are exempt from this check, too.
 *
 * <p>Parameters and state-dict keys are in PyTorch's order: a module's own parameters, then (in
 * state dicts) its own buffers, then its submodules one after the other. A parameter or module that
 * is reachable by two names counts once in {@link #parameters()} and {@link #modules()}, under its
 * first name, and twice in {@link #stateDict()}.
 *
 * <p>A module takes one tensor or several: it overrides the {@code forward} with as many, and users
 * call {@code net.call(a, b)}. One with other inputs or outputs declares a typed method; see {@link
 * #callWithHooks}.
 *
 * <p>Methods that return this module, such as {@link #eval}, return it as the type the caller
 * assigns it to: {@code Net net = new Net().eval()}.
 *
 * <p>The simple name hides {@code java.lang.Module}: import {@code dev.bellows.nn.Module} by name.
 * A module is not safe for use by several threads. Source: PyTorch's {@code torch.nn.Module}.
 */
public abstract non-sealed class Module extends HookedModule {
  // bounds the search, as modules that were moved may have parents in a cycle
  private static final int MOST_DEPTH = 1000;

  private final LinkedHashMap<String, Object> registered = new LinkedHashMap<>();
  private boolean training = true;
  private boolean bound;
  private Module parent;
  private String path = "";

  /** Creates a module in training mode. */
  protected Module() {}

  /**
   * Computes the output of one input. {@link #call} invokes it and runs the hooks; a module
   * overrides the {@code forward} with the number of inputs that it takes.
   *
   * @throws UnsupportedOperationException unless overridden
   */
  protected Tensor forward(Tensor input) {
    return forward(new Tensor[] {input});
  }

  /** Computes the output of two inputs, as {@link #forward(Tensor)} does of one. */
  protected Tensor forward(Tensor first, Tensor second) {
    return forward(new Tensor[] {first, second});
  }

  /** Computes the output of three inputs, as {@link #forward(Tensor)} does of one. */
  protected Tensor forward(Tensor first, Tensor second, Tensor third) {
    return forward(new Tensor[] {first, second, third});
  }

  /** Computes the output of four inputs, as {@link #forward(Tensor)} does of one. */
  protected Tensor forward(Tensor first, Tensor second, Tensor third, Tensor fourth) {
    return forward(new Tensor[] {first, second, third, fourth});
  }

  /** Computes the output of any number of inputs that no other {@code forward} takes. */
  protected Tensor forward(Tensor... inputs) {
    String wanted = String.join(", ", Collections.nCopies(inputs.length, "Tensor"));
    throw new UnsupportedOperationException(
        message(
            "%s: is missing a forward(%s); override it, or call the method it has instead",
            label(), wanted));
  }

  /**
   * Runs the pre-hooks, {@link #forward(Tensor)} and the forward hooks.
   *
   * @throws IllegalArgumentException if an operation rejects the input; the message starts with the
   *     name of the innermost module, for example {@code features.0 (Conv2d)}
   * @throws IllegalStateException on the first use, if the fields break a rule of this class
   */
  public final Tensor call(Tensor input) {
    if (input == null) {
      bind();
      throw new IllegalArgumentException(label() + ": input must not be null");
    }
    return callWithHooks(new Tensor[] {input}, this::forwardOf);
  }

  /**
   * Runs the pre-hooks, {@link #forward(Tensor, Tensor)} and the forward hooks. An input may be
   * null if the module takes it so.
   *
   * @throws IllegalArgumentException if an operation rejects an input
   */
  public final Tensor call(Tensor first, Tensor second) {
    return callWithHooks(new Tensor[] {first, second}, this::forwardOf);
  }

  /** Calls a module of three inputs, as {@link #call(Tensor, Tensor)} does one of two. */
  public final Tensor call(Tensor first, Tensor second, Tensor third) {
    return callWithHooks(new Tensor[] {first, second, third}, this::forwardOf);
  }

  /** Calls a module of four inputs, as {@link #call(Tensor, Tensor)} does one of two. */
  public final Tensor call(Tensor first, Tensor second, Tensor third, Tensor fourth) {
    return callWithHooks(new Tensor[] {first, second, third, fourth}, this::forwardOf);
  }

  /** Calls a module of five or more inputs, as {@link #call(Tensor, Tensor)} does one of two. */
  public final Tensor call(
      Tensor first, Tensor second, Tensor third, Tensor fourth, Tensor fifth, Tensor... more) {
    Tensor[] inputs =
        Arrays.copyOf(new Tensor[] {first, second, third, fourth, fifth}, 5 + more.length);
    System.arraycopy(more, 0, inputs, 5, more.length);
    return callWithHooks(inputs, this::forwardOf);
  }

  private Tensor forwardOf(Tensor... in) {
    return switch (in.length) {
      case 1 -> forward(in[0]);
      case 2 -> forward(in[0], in[1]);
      case 3 -> forward(in[0], in[1], in[2]);
      case 4 -> forward(in[0], in[1], in[2], in[3]);
      default -> forward(in);
    };
  }

  /**
   * Runs the pre-hooks, a function of this module and the forward hooks: for a module whose input
   * or output is not one tensor but any value, such as a record of tensors. Hooks see the tensors
   * inside. The module offers its own typed method:
   *
   * <pre>{@code
   * record Output(Tensor image, Tensor mean, Tensor logVariance) {}
   *
   * Output reconstruct(Tensor x) {
   *   return callWithHooks(x, this::encodeAndDecode);
   * }
   * }</pre>
   *
   * @param <I> the type of the input: a tensor, or an array, list, map or record of tensors and
   *     other values
   * @param <O> the type of the output, likewise
   * @throws IllegalArgumentException if an operation rejects an input; the message starts with the
   *     name of the innermost module
   * @throws IllegalStateException on the first use, if the fields break a rule of this class
   */
  protected final <I, O> O callWithHooks(I input, Function<? super I, ? extends O> function) {
    bind();
    try {
      return hooks()
          .run(
              this,
              input,
              in -> {
                O out = function.apply(in);
                if (out == null) {
                  throw new IllegalStateException(
                      label() + ": forward must return a tensor; got null");
                }
                return out;
              });
    } catch (IllegalArgumentException e) {
      if (e.getClass() != IllegalArgumentException.class) {
        throw e;
      }
      throw new ModuleCallException(label() + ": " + e.getMessage(), e);
    }
  }

  /**
   * Registers a submodule that has no field, in the place of one registered before under this name.
   *
   * @return the module
   * @throws IllegalArgumentException if the name is empty, contains a dot or is taken, or the
   *     module is null or contains this one
   */
  protected final <M extends Module> M register(String name, M module) {
    ModuleTree.checkNew(this, name, module, "module");
    if (ModuleTree.contains(module, this)) {
      throw new IllegalArgumentException(
          message("register: %s must not contain itself; got it in %s", typeName(), name));
    }
    registered.put(name, module);
    module.setParent(this);
    bound = false;
    return module;
  }

  /**
   * Registers a parameter that has no field, in the place of one registered before under this name.
   *
   * @return the parameter
   * @throws IllegalArgumentException if the name is empty, contains a dot or is taken, or the
   *     parameter is null or has a history
   */
  protected final Parameter register(String name, Parameter parameter) {
    ModuleTree.checkNew(this, name, parameter, "parameter");
    ModuleTree.checkLeaf(typeName() + "." + name, parameter);
    registered.put(name, parameter);
    return parameter;
  }

  /**
   * Registers a buffer that has no field, in the place of one registered before under this name.
   *
   * @return the buffer
   * @throws IllegalArgumentException if the name is empty, contains a dot or is taken, or the
   *     buffer is null
   */
  protected final Buffer register(String name, Buffer buffer) {
    ModuleTree.checkNew(this, name, buffer, "buffer");
    registered.put(name, buffer);
    return buffer;
  }

  /** Removes what {@link #register} registered under a name; returns whether there was anything. */
  protected final boolean unregister(String name) {
    return registered.remove(name) != null;
  }

  /**
   * Returns this module's direct members by name, in order; each is a Parameter, Buffer or Module.
   */
  final LinkedHashMap<String, Object> members(List<String> nulls) {
    LinkedHashMap<String, Object> members = new LinkedHashMap<>();
    ModuleFields.of(getClass()).read(this, nulls, members::put);
    members.putAll(registered);
    return members;
  }

  /** Records the module that holds this one; the last call counts. */
  final void setParent(Module holder) {
    parent = holder;
  }

  /** Forgets the module that held this one, as of a copy. */
  final void detachFromParent() {
    parent = null;
    path = "";
    bound = false;
  }

  /** Returns whether a field refers to the module that holds this one. */
  static boolean isParent(Field field) {
    return field.getDeclaringClass() == Module.class && field.getName().equals("parent");
  }

  /** Returns the outermost module known to contain this one, or this module if none does. */
  final Module top() {
    Module top = this;
    for (int depth = 0; top.parent != null && depth < MOST_DEPTH; depth++) {
      top = top.parent;
    }
    return top;
  }

  /** Assigns names to all modules below this one, once, and checks the tree. */
  private void bind() {
    if (!bound) {
      ModuleTree.visit(
          this,
          (name, module) -> {
            module.bound = true;
            module.path = module == this ? path : join(path, name);
          });
    }
  }

  static String join(String prefix, String name) {
    return prefix.isEmpty() ? name : prefix + "." + name;
  }

  /**
   * Returns this module's name in messages: its path and class, for example {@code fc1 (Linear)}.
   */
  protected final String label() {
    return path.isEmpty() ? typeName() : path + " (" + typeName() + ")";
  }

  /** Returns the class as it is printed. */
  protected String typeName() {
    String name = getClass().getSimpleName();
    return name.isEmpty() ? "Module" : name;
  }

  /** Returns all parameters of this module and its descendants, each once, in order. */
  public final List<Parameter> parameters() {
    return List.copyOf(namedParameters().values());
  }

  /** Returns all parameters of this module and its descendants by name, each once, in order. */
  public final LinkedHashMap<String, Parameter> namedParameters() {
    return ModuleTree.named(this, Parameter.class);
  }

  /** Returns all buffers of this module and its descendants, each once, in order. */
  public final List<Buffer> buffers() {
    return List.copyOf(namedBuffers().values());
  }

  /** Returns all buffers of this module and its descendants by name, each once, in order. */
  public final LinkedHashMap<String, Buffer> namedBuffers() {
    return ModuleTree.named(this, Buffer.class);
  }

  /** Returns this module and all its descendants, each once, a module before its submodules. */
  public final List<Module> modules() {
    return List.copyOf(namedModules().values());
  }

  /**
   * Returns this module (named "") and all its descendants by name, each once, a module before its
   * submodules.
   */
  public final LinkedHashMap<String, Module> namedModules() {
    HiddenMembers.check(this);
    LinkedHashMap<String, Module> modules = new LinkedHashMap<>();
    ModuleTree.visit(this, modules::put);
    return modules;
  }

  /** Returns the direct submodules, each once, in order. */
  public final List<Module> children() {
    return List.copyOf(namedChildren().values());
  }

  /** Returns the direct submodules by name, each once, in order. */
  public final LinkedHashMap<String, Module> namedChildren() {
    LinkedHashMap<String, Module> children = new LinkedHashMap<>();
    for (Map.Entry<String, Object> member : ModuleTree.checkedMembers(this, "").entrySet()) {
      if (member.getValue() instanceof Module child
          && children.values().stream().noneMatch(other -> other == child)) {
        children.put(member.getKey(), child);
      }
    }
    return children;
  }

  /** Returns this module as the class that the caller says it has. */
  @SuppressWarnings("unchecked")
  final <M extends Module> M self() {
    return (M) this;
  }

  /**
   * Returns the submodule at a path such as "body.0"; this module for "".
   *
   * @throws IllegalArgumentException if there is none
   */
  public final Module getSubmodule(String target) {
    return ModuleTree.submodule(this, target);
  }

  /**
   * Returns the parameter at a path such as "body.0.weight".
   *
   * @throws IllegalArgumentException if there is none
   */
  public final Parameter getParameter(String target) {
    return ModuleTree.find(this, target, Parameter.class, "an nn.Parameter");
  }

  /**
   * Returns the buffer at a path such as "norm.running_mean".
   *
   * @throws IllegalArgumentException if there is none
   */
  public final Buffer getBuffer(String target) {
    return ModuleTree.find(this, target, Buffer.class, "a buffer");
  }

  /**
   * Returns a copy of this module, of all its submodules and of all other objects that it holds,
   * without gradients of parameters. Tied parameters are tied in the copy, too. Constructors do not
   * run; functions, hooks among them, are shared.
   *
   * @throws IllegalStateException if this module holds a tensor that is the result of a recorded
   *     operation, or a function that captures a member
   */
  public final <M extends Module> M deepCopy() {
    return DeepCopy.of(this).self();
  }

  /** Calls a function on each module, submodules first and this one last. */
  public final <M extends Module> M apply(Consumer<? super Module> function) {
    for (Module child : children()) {
      child.apply(function);
    }
    function.accept(this);
    return self();
  }

  /** Sets training mode on this module and all its descendants. */
  public final <M extends Module> M train() {
    return train(true);
  }

  /**
   * Sets training mode, or evaluation mode if {@code mode} is false, on this module and all its
   * descendants.
   */
  public final <M extends Module> M train(boolean mode) {
    for (Module module : modules()) {
      module.training = mode;
    }
    return self();
  }

  /** Sets evaluation mode on this module and all its descendants. */
  public final <M extends Module> M eval() {
    return train(false);
  }

  /** Returns whether this module is in training mode, which is the default. */
  public final boolean isTraining() {
    return training;
  }

  /**
   * Moves all parameters, buffers and existing gradients to a device. The objects stay the same, so
   * that an existing optimizer stays valid; other tensors that share their memory, such as those of
   * {@link #stateDict()}, are not moved.
   *
   * @return this module
   * @throws UnsupportedOperationException if the device is not available, saying what was probed
   */
  public final <M extends Module> M to(Device device) {
    ModuleTree.convert(this, tensor -> tensor.to(device));
    return self();
  }

  /**
   * Converts all parameters, buffers and existing gradients of floating-point types to another one.
   * The objects stay the same, as in {@link #to(Device)}.
   *
   * @return this module
   * @throws IllegalArgumentException if the type is not a floating-point type
   */
  public final <M extends Module> M to(DType dtype) {
    if (!dtype.isFloatingPoint()) {
      throw new IllegalArgumentException(
          message(
              "to: nn.Module.to only accepts floating point or complex dtypes, but got desired"
                  + " dtype=%s",
              dtype));
    }
    ModuleTree.convert(this, t -> t.dtype().isFloatingPoint() ? t.to(dtype) : t);
    return self();
  }

  /** Moves to a device and converts to a type; see {@link #to(Device)} and {@link #to(DType)}. */
  public final <M extends Module> M to(Device device, DType dtype) {
    to(dtype);
    return to(device);
  }

  /** Sets whether the parameters require gradients. */
  public final <M extends Module> M setRequiresGrad(boolean requiresGrad) {
    parameters().forEach(parameter -> parameter.setRequiresGrad(requiresGrad));
    return self();
  }

  /** Clears the gradients of all parameters. */
  public final void zeroGrad() {
    parameters().forEach(parameter -> parameter.setGrad(null));
  }

  /**
   * Returns parameters and persistent buffers by name; the tensors share memory with this module.
   */
  public final StateDict stateDict() {
    return ModuleState.of(this);
  }

  /**
   * Copies the values of a state dict into this module.
   *
   * @throws IllegalArgumentException listing all keys that are missing, unexpected, or of another
   *     shape; nothing is changed in that case
   */
  public final void loadStateDict(StateDict dict) {
    loadStateDict(dict, true);
  }

  /**
   * Copies the values of a state dict into this module. Floating-point types are converted to one
   * another, and so are integer types.
   *
   * @param strict whether missing and unexpected keys are errors
   * @return the missing and unexpected keys, if not strict
   * @throws IllegalArgumentException listing all problems together; nothing is changed in that case
   */
  public final LoadReport loadStateDict(StateDict dict, boolean strict) {
    return ModuleState.load(this, dict, strict);
  }

  /**
   * Returns what {@link #toString()} prints for this module in addition to its submodules; empty by
   * default.
   */
  protected String extraRepr() {
    return "";
  }

  /**
   * Returns the class, {@link #extraRepr()} and submodules, one per line, as PyTorch prints a
   * model.
   */
  @Override
  public final String toString() {
    return ModulePrinter.print(this);
  }
}
