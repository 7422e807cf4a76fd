package dev.bellows.nn;

import static dev.bellows.errors.Messages.message;

import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/** Traverses modules and their members. */
final class ModuleTree {
  private ModuleTree() {}

  /**
   * Visits a module (named "") and all its descendants, each once, a module before its submodules.
   */
  static void visit(Module root, BiConsumer<String, Module> visitor) {
    visit(root, "", identitySet(), identitySet(), visitor);
  }

  private static void visit(
      Module module,
      String name,
      Set<Object> above,
      Set<Object> seen,
      BiConsumer<String, Module> visitor) {
    if (above.contains(module)) {
      throw new IllegalStateException(
          message(
              "module: a module must not contain itself; %s is found again at %s",
              module.getClass().getSimpleName(), name));
    }
    if (!seen.add(module)) {
      return;
    }
    above.add(module);
    visitor.accept(name, module);
    for (Map.Entry<String, Object> member : checkedMembers(module, name).entrySet()) {
      if (member.getValue() instanceof Module child) {
        child.setParent(module);
        visit(child, Module.join(name, member.getKey()), above, seen, visitor);
      }
    }
    above.remove(module);
  }

  /**
   * Returns the members of a module at {@code path}.
   *
   * @throws IllegalStateException if a field is null that must not be, or a parameter has a history
   */
  static LinkedHashMap<String, Object> checkedMembers(Module module, String path) {
    List<String> nulls = new ArrayList<>();
    LinkedHashMap<String, Object> members = module.members(nulls);
    String where = module.getClass().getSimpleName() + (path.isEmpty() ? "" : " at " + path);
    if (!nulls.isEmpty()) {
      throw new IllegalStateException(
          message(
              "%s: fields must be assigned before the first use, or marked @MayBeNull; null are %s",
              where, nulls));
    }
    members.forEach(
        (name, member) -> {
          if (member instanceof Parameter parameter) {
            checkLeaf(where + "." + name, parameter);
          }
        });
    return members;
  }

  static void checkLeaf(String what, Parameter parameter) {
    if (!parameter.isLeaf()) {
      throw new IllegalArgumentException(
          message(
              "%s: a parameter must be a leaf of the graph; got one with the history %s (change"
                  + " parameters in place only under GradMode.noGrad())",
              what, parameter.gradFn()));
    }
  }

  /**
   * Returns whether {@code target} is {@code root} or one of its descendants; fields that are still
   * null are ignored.
   */
  static boolean contains(Module root, Module target) {
    return contains(root, target, identitySet());
  }

  private static boolean contains(Module root, Module target, Set<Object> seen) {
    if (root == target) {
      return true;
    }
    return seen.add(root)
        && root.members(new ArrayList<>()).values().stream()
            .anyMatch(member -> member instanceof Module m && contains(m, target, seen));
  }

  /** Returns parameters or buffers of a module and its descendants by name, each once. */
  static <T> LinkedHashMap<String, T> named(Module root, Class<T> kind) {
    HiddenMembers.check(root);
    LinkedHashMap<String, T> named = new LinkedHashMap<>();
    Set<Object> seen = identitySet();
    visit(
        root,
        (path, module) ->
            module
                .members(new ArrayList<>())
                .forEach(
                    (name, member) -> {
                      if (kind.isInstance(member) && seen.add(member)) {
                        named.put(Module.join(path, name), kind.cast(member));
                      }
                    }));
    return named;
  }

  /**
   * Returns the submodule at a path.
   *
   * @throws IllegalArgumentException if there is none
   */
  static Module submodule(Module root, String target) {
    Module module = root;
    for (String name : target.isEmpty() ? new String[0] : target.split("\\.", -1)) {
      module = member(module, name, target, Module.class, "an nn.Module");
    }
    return module;
  }

  /**
   * Returns the parameter or buffer at a path.
   *
   * @param article the kind in messages
   * @throws IllegalArgumentException if there is none
   */
  static <T> T find(Module root, String target, Class<T> kind, String article) {
    int dot = target.lastIndexOf('.');
    Module holder = submodule(root, dot < 0 ? "" : target.substring(0, dot));
    return member(holder, target.substring(dot + 1), target, kind, article);
  }

  private static <T> T member(
      Module module, String name, String target, Class<T> kind, String article) {
    Object member = module.members(new ArrayList<>()).get(name);
    if (kind.isInstance(member)) {
      return kind.cast(member);
    }
    boolean exists = member != null || ModuleFields.of(module.getClass()).names().contains(name);
    throw new IllegalArgumentException(
        (exists
                ? "`" + name + "` is not " + article
                : module.typeName() + " has no attribute `" + name + "`")
            + "; at the path "
            + target);
  }

  /**
   * Checks a member that is about to be registered.
   *
   * @throws IllegalArgumentException if the name is empty, contains a dot or is taken, or the
   *     member is null
   */
  static void checkNew(Module module, String name, Object member, String kind) {
    String problem = null;
    if (name == null || name.isEmpty()) {
      problem = kind + " name can't be empty string \"\"";
    } else if (name.indexOf('.') >= 0) {
      problem = kind + " name can't contain \".\", got: " + name;
    } else if (isTaken(module, name, member)) {
      problem = "attribute '" + name + "' already exists";
    } else if (member == null) {
      problem = kind + " '" + name + "' must not be null";
    }
    if (problem != null) {
      throw new IllegalArgumentException(message("register: %s: %s", module.typeName(), problem));
    }
  }

  /** Returns whether a name is that of a field, or of a registered member of another kind. */
  private static boolean isTaken(Module module, String name, Object member) {
    Object there = module.members(new ArrayList<>()).get(name);
    return ModuleFields.of(module.getClass()).names().contains(name)
        || there != null && member != null && ModuleFields.kind(there) != ModuleFields.kind(member);
  }

  /** Replaces the memory of all parameters, buffers and existing gradients of a module. */
  static void convert(Module root, UnaryOperator<Tensor> by) {
    root.parameters().forEach(parameter -> convert(parameter, by));
    root.buffers().forEach(buffer -> convert(buffer, by));
  }

  private static void convert(Tensor tensor, UnaryOperator<Tensor> by) {
    try (Tensor plain = tensor.detach()) {
      Tensor now = by.apply(plain);
      if (now != plain) {
        Internals.setData(tensor, now);
        now.close();
      }
    }
    if (tensor.grad() != null) {
      convert(tensor.grad(), by);
    }
  }

  private static Set<Object> identitySet() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }
}
