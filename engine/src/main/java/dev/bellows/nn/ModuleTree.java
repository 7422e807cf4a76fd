package dev.bellows.nn;

import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

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
          "module: a module must not contain itself; "
              + module.getClass().getSimpleName()
              + " is found again at "
              + name);
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
          where
              + ": fields must be assigned before the first use, or marked @MayBeNull; null are "
              + nulls);
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
          what
              + ": a parameter must be a leaf of the graph; got one with the history "
              + parameter.gradFn()
              + " (change parameters in place only under GradMode.noGrad())");
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
   * Returns parameters and persistent buffers by name; a member reachable by two names appears
   * twice.
   */
  static LinkedHashMap<String, Tensor> state(Module root) {
    HiddenMembers.check(root); // rejects cycles too, so that the traversal below terminates
    LinkedHashMap<String, Tensor> state = new LinkedHashMap<>();
    addState(root, "", state);
    return state;
  }

  private static void addState(Module module, String path, LinkedHashMap<String, Tensor> state) {
    LinkedHashMap<String, Object> members = checkedMembers(module, path);
    members.forEach(
        (name, member) -> {
          if (member instanceof Parameter parameter) {
            state.put(Module.join(path, name), parameter);
          }
        });
    members.forEach(
        (name, member) -> {
          if (member instanceof Buffer buffer && buffer.isPersistent()) {
            state.put(Module.join(path, name), buffer);
          }
        });
    members.forEach(
        (name, member) -> {
          if (member instanceof Module child) {
            addState(child, Module.join(path, name), state);
          }
        });
  }

  static String print(Module module, String type, String extra) {
    Map<String, Module> children = module.namedChildren();
    if (children.isEmpty()) {
      return type + "(" + extra + ")";
    }
    StringBuilder text = new StringBuilder(type).append("(\n");
    if (!extra.isEmpty()) {
      text.append("  ").append(extra).append('\n');
    }
    children.forEach(
        (name, child) -> {
          String[] lines = child.toString().split("\n", -1);
          text.append("  (").append(name).append("): ").append(lines[0]).append('\n');
          Arrays.stream(lines).skip(1).forEach(line -> text.append("  ").append(line).append('\n'));
        });
    return text.append(')').toString();
  }

  private static Set<Object> identitySet() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }
}
