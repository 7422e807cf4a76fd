package dev.bellows.nn;

import dev.bellows.autograd.HookHandle;
import dev.bellows.memory.Device;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

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
 * no field, after them. Static and transient fields are left out, a null field is an error unless
 * marked {@link MayBeNull}. A field that is assigned again counts with its new value from then on.
 *
 * <p>A module that leads to members which nobody registers is refused: in an array, a collection, a
 * record or another object, captured by a lambda or by an anonymous module, or as a field that an
 * inner class uses of an object around it. A transient field is left out of that, too.
 *
 * <p>Parameters and state-dict keys come in PyTorch's order: a module's own parameters, then (in
 * state dicts) its own buffers, then its submodules one after the other. A parameter or module that
 * is reached by two names counts once in {@link #parameters()} and {@link #modules()}, under its
 * first name, and twice in {@link #stateDict()}.
 *
 * <p>The simple name hides {@code java.lang.Module}: import {@code dev.bellows.nn.Module} by name.
 * A module is not safe for use by several threads. Source: PyTorch's {@code torch.nn.Module}.
 */
public abstract class Module {
  private static final int MOST_DEPTH = 1000; // modules moved about may have parents in a circle

  private final LinkedHashMap<String, Object> registered = new LinkedHashMap<>();
  private List<ForwardPreHook> preHooks = List.of();
  private List<ForwardHook> hooks = List.of();
  private boolean training = true;
  private boolean bound;
  private Module parent;
  private String path = "";

  /** A module in training mode. */
  protected Module() {}

  /**
   * Computes the output; called through {@link #call}, which runs the hooks. A module of several
   * inputs declares a method of its own instead.
   *
   * @throws UnsupportedOperationException unless overridden
   */
  protected Tensor forward(Tensor input) {
    throw new UnsupportedOperationException(
        label() + ": is missing a forward(Tensor); override it, or call the method it has instead");
  }

  /**
   * Runs the pre-hooks, {@link #forward} and the hooks.
   *
   * @throws IllegalArgumentException if an operation refuses the input; the message starts with the
   *     name of the innermost module, as {@code features.0 (Conv2d)}
   * @throws IllegalStateException on the first use, if the fields break a rule of this class
   */
  public final Tensor call(Tensor input) {
    bind();
    if (input == null) {
      throw new IllegalArgumentException(label() + ": input must not be null");
    }
    try {
      Tensor in = input;
      for (ForwardPreHook hook : preHooks) {
        Tensor replaced = hook.before(this, in);
        in = replaced == null ? in : replaced;
      }
      Tensor out = forward(in);
      if (out == null) {
        throw new IllegalStateException(label() + ": forward must return a tensor; got null");
      }
      for (ForwardHook hook : hooks) {
        Tensor replaced = hook.after(this, in, out);
        out = replaced == null ? out : replaced;
      }
      return out;
    } catch (IllegalArgumentException e) {
      if (e.getClass() != IllegalArgumentException.class) {
        throw e;
      }
      throw new ModuleCallException(label() + ": " + e.getMessage(), e);
    }
  }

  /** Runs a hook before each forward; hooks run in the order in which they were registered. */
  public final HookHandle registerForwardPreHook(ForwardPreHook hook) {
    ForwardPreHook own = (module, input) -> hook.before(module, input);
    preHooks = with(preHooks, own);
    return () -> preHooks = without(preHooks, own);
  }

  /** Runs a hook after each forward; hooks run in the order in which they were registered. */
  public final HookHandle registerForwardHook(ForwardHook hook) {
    ForwardHook own = (module, input, output) -> hook.after(module, input, output);
    hooks = with(hooks, own);
    return () -> hooks = without(hooks, own);
  }

  private static <T> List<T> with(List<T> list, T item) {
    List<T> longer = new ArrayList<>(list);
    longer.add(item);
    return List.copyOf(longer);
  }

  private static <T> List<T> without(List<T> list, T item) {
    return list.stream().filter(other -> other != item).toList();
  }

  /**
   * Adds a submodule that has no field.
   *
   * @return the module
   * @throws IllegalArgumentException if the name is empty, holds a dot or is taken, or the module
   *     is null or contains this one
   */
  protected final <M extends Module> M register(String name, M module) {
    checkNew(name, module, "module");
    if (ModuleTree.contains(module, this)) {
      throw new IllegalArgumentException(
          "register: " + typeName() + " must not contain itself; got it in " + name);
    }
    registered.put(name, module);
    module.setParent(this);
    bound = false;
    return module;
  }

  /**
   * Adds a parameter that has no field.
   *
   * @return the parameter
   * @throws IllegalArgumentException if the name is empty, holds a dot or is taken, or the
   *     parameter is null or has a history
   */
  protected final Parameter register(String name, Parameter parameter) {
    checkNew(name, parameter, "parameter");
    ModuleTree.checkLeaf(typeName() + "." + name, parameter);
    registered.put(name, parameter);
    return parameter;
  }

  /**
   * Adds a buffer that has no field.
   *
   * @return the buffer
   * @throws IllegalArgumentException if the name is empty, holds a dot or is taken, or the buffer
   *     is null
   */
  protected final Buffer register(String name, Buffer buffer) {
    checkNew(name, buffer, "buffer");
    registered.put(name, buffer);
    return buffer;
  }

  private void checkNew(String name, Object member, String kind) {
    String problem = null;
    if (name == null || name.isEmpty()) {
      problem = kind + " name can't be empty string \"\"";
    } else if (name.indexOf('.') >= 0) {
      problem = kind + " name can't contain \".\", got: " + name;
    } else if (registered.containsKey(name) || ModuleFields.of(getClass()).names().contains(name)) {
      problem = "attribute '" + name + "' already exists";
    } else if (member == null) {
      problem = kind + " '" + name + "' must not be null";
    }
    if (problem != null) {
      throw new IllegalArgumentException("register: " + typeName() + ": " + problem);
    }
  }

  /** This module's own members by name, in order; each a Parameter, Buffer or Module. */
  final LinkedHashMap<String, Object> members(List<String> nulls) {
    LinkedHashMap<String, Object> members = new LinkedHashMap<>();
    ModuleFields.of(getClass()).read(this, nulls, members::put);
    members.putAll(registered);
    return members;
  }

  /** Notes who holds this module; the last who did counts. */
  final void setParent(Module holder) {
    parent = holder;
  }

  /** The outermost module that is known to hold this one, itself where none is. */
  final Module top() {
    Module top = this;
    for (int depth = 0; top.parent != null && depth < MOST_DEPTH; depth++) {
      top = top.parent;
    }
    return top;
  }

  /** Gives all modules below this one their names, once, and checks the tree while at it. */
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

  /** How messages name this module: where it is and what it is, as {@code fc1 (Linear)}. */
  protected final String label() {
    return path.isEmpty() ? typeName() : path + " (" + typeName() + ")";
  }

  private String typeName() {
    String name = getClass().getSimpleName();
    return name.isEmpty() ? "Module" : name;
  }

  /** All parameters below this module, each once, in order. */
  public final List<Parameter> parameters() {
    return List.copyOf(namedParameters().values());
  }

  /** All parameters below this module by name, each once, in order. */
  public final LinkedHashMap<String, Parameter> namedParameters() {
    return ModuleTree.named(this, Parameter.class);
  }

  /** All buffers below this module, each once, in order. */
  public final List<Buffer> buffers() {
    return List.copyOf(namedBuffers().values());
  }

  /** All buffers below this module by name, each once, in order. */
  public final LinkedHashMap<String, Buffer> namedBuffers() {
    return ModuleTree.named(this, Buffer.class);
  }

  /** This module and all below it, each once, a module before its submodules. */
  public final List<Module> modules() {
    return List.copyOf(namedModules().values());
  }

  /** This module (named "") and all below it by name, each once, a module before its submodules. */
  public final LinkedHashMap<String, Module> namedModules() {
    HiddenMembers.check(this);
    LinkedHashMap<String, Module> modules = new LinkedHashMap<>();
    ModuleTree.visit(this, modules::put);
    return modules;
  }

  /** The direct submodules, each once, in order. */
  public final List<Module> children() {
    return List.copyOf(namedChildren().values());
  }

  /** The direct submodules by name, each once, in order. */
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

  /** Calls a function with each module, submodules first and this one last. */
  public final Module apply(Consumer<? super Module> function) {
    for (Module child : children()) {
      child.apply(function);
    }
    function.accept(this);
    return this;
  }

  /** Puts this module and all below it into training mode. */
  public final Module train() {
    return train(true);
  }

  /** Puts this module and all below it into training mode, or into evaluation mode. */
  public final Module train(boolean mode) {
    for (Module module : modules()) {
      module.training = mode;
    }
    return this;
  }

  /** Puts this module and all below it into evaluation mode. */
  public final Module eval() {
    return train(false);
  }

  /** Whether this module is in training mode, as it is when new. */
  public final boolean isTraining() {
    return training;
  }

  /**
   * Moves all parameters and buffers, and gradients that are there, to a device. They stay the same
   * objects, so that an optimizer made before goes on with them; tensors that share their memory,
   * as those of {@link #stateDict()}, stay behind.
   *
   * @return this module
   * @throws UnsupportedOperationException if the device is not available, saying what was probed
   */
  public final Module to(Device device) {
    parameters().forEach(parameter -> move(parameter, device));
    buffers().forEach(buffer -> move(buffer, device));
    return this;
  }

  private static void move(Tensor tensor, Device device) {
    if (tensor.device().equals(device)) {
      return;
    }
    try (Tensor plain = tensor.detach();
        Tensor there = plain.to(device)) {
      Internals.setData(tensor, there);
    }
    if (tensor.grad() != null) {
      move(tensor.grad(), device);
    }
  }

  /** Sets whether the parameters are trained. */
  public final Module setRequiresGrad(boolean requiresGrad) {
    parameters().forEach(parameter -> parameter.setRequiresGrad(requiresGrad));
    return this;
  }

  /** Drops the gradients of all parameters. */
  public final void zeroGrad() {
    parameters().forEach(parameter -> parameter.setGrad(null));
  }

  /** Parameters and persistent buffers by name; the tensors share memory with this module. */
  public final StateDict stateDict() {
    StateDict dict = new StateDict();
    ModuleTree.state(this).forEach((name, tensor) -> dict.put(name, tensor.detach().retain()));
    return dict;
  }

  /**
   * Copies the values of a state dict into this module.
   *
   * @throws IllegalArgumentException listing all keys that are missing, unexpected, or of another
   *     shape; nothing is changed then
   */
  public final void loadStateDict(StateDict dict) {
    loadStateDict(dict, true);
  }

  /**
   * Copies the values of a state dict into this module. Floating-point types are converted to one
   * another, and so are integer types.
   *
   * @param strict whether missing and unexpected keys are errors
   * @return the missing and unexpected keys, when not strict
   * @throws IllegalArgumentException listing all problems together; nothing is changed then
   */
  public final LoadReport loadStateDict(StateDict dict, boolean strict) {
    return StateLoader.load(ModuleTree.state(this), dict, strict);
  }

  /** What {@link #toString()} says of this module besides its submodules; default nothing. */
  protected String extraRepr() {
    return "";
  }

  /** Class, {@link #extraRepr()} and submodules, one on a line, as PyTorch prints a model. */
  @Override
  public final String toString() {
    return ModuleTree.print(this, typeName(), extraRepr());
  }
}
