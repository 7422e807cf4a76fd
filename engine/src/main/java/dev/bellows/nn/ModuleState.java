package dev.bellows.nn;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.GradMode;
import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** Writes the parameters and persistent buffers of a module to a state dict, and loads them. */
final class ModuleState {
  private ModuleState() {}

  /** Returns the state dict of a module; the tensors are shared. */
  static StateDict of(Module root) {
    HiddenMembers.check(root); // rejects cycles too, so that the traversal below terminates
    StateDict dict = new StateDict();
    visit(
        root,
        "",
        (module, path) -> {
          String prefix = prefix(path);
          module.hooks().statePre.forEach(hook -> hook.accept(module, prefix));
          tensors(module, path, (name, tensor) -> dict.put(name, tensor.detach().retain()));
        },
        (module, path) ->
            module.hooks().statePost.forEach(hook -> hook.apply(module, dict, prefix(path))));
    return dict;
  }

  /**
   * Calls two functions on each module with its path, once for each name: before and after its
   * submodules.
   */
  private static void visit(
      Module module,
      String path,
      BiConsumer<Module, String> before,
      BiConsumer<Module, String> after) {
    before.accept(module, path);
    ModuleTree.checkedMembers(module, path)
        .forEach(
            (name, member) -> {
              if (member instanceof Module child) {
                visit(child, Module.join(path, name), before, after);
              }
            });
    after.accept(module, path);
  }

  private static String prefix(String path) {
    return path.isEmpty() ? "" : path + ".";
  }

  /** Passes a module's own parameters, then its persistent buffers. */
  private static void tensors(Module module, String path, BiConsumer<String, Tensor> sink) {
    Map<String, Object> members = ModuleTree.checkedMembers(module, path);
    members.forEach(
        (name, member) -> {
          if (member instanceof Parameter parameter) {
            sink.accept(Module.join(path, name), parameter);
          }
        });
    members.forEach(
        (name, member) -> {
          if (member instanceof Buffer buffer && buffer.isPersistent()) {
            sink.accept(Module.join(path, name), buffer);
          }
        });
  }

  /** Copies a state dict into the tensors of a module: checks everything first, then copies. */
  static LoadReport load(Module root, StateDict given, boolean strict) {
    HiddenMembers.check(root);
    StateDict dict = StateDict.of(given.asMap());
    Map<String, Tensor> own = new LinkedHashMap<>();
    List<Module> hooked = new ArrayList<>();
    visit(
        root,
        "",
        (module, path) -> {
          module.hooks().loadPre.forEach(hook -> hook.apply(module, dict, prefix(path)));
          tensors(module, path, own::put);
        },
        (module, path) -> {
          if (!module.hooks().loadPost.isEmpty()) {
            hooked.add(module);
          }
        });
    return load(own, dict, strict, hooked);
  }

  private static LoadReport load(
      Map<String, Tensor> own, StateDict dict, boolean strict, List<Module> hooked) {
    List<String> missing = new ArrayList<>();
    List<String> differing = new ArrayList<>();
    own.forEach(
        (key, tensor) -> {
          if (!dict.contains(key)) {
            missing.add(key);
          } else {
            check(key, tensor, dict.get(key), differing);
          }
        });
    List<String> unexpected =
        new ArrayList<>(dict.keys().stream().filter(k -> !own.containsKey(k)).toList());
    boolean later = !strict || !hooked.isEmpty(); // hooks may remove keys from the report
    report(later ? List.of() : missing, later ? List.of() : unexpected, differing);
    copy(own, dict);
    LoadReport report = new LoadReport(missing, unexpected);
    for (Module module : hooked) {
      module.hooks().loadPost.forEach(hook -> hook.accept(module, report));
    }
    report(strict ? missing : List.of(), strict ? unexpected : List.of(), List.of());
    return new LoadReport(List.copyOf(missing), List.copyOf(unexpected));
  }

  private static void check(String key, Tensor here, Tensor there, List<String> differing) {
    if (!Arrays.equals(here.shape(), there.shape())) {
      differing.add(
          message("%s is %s here, %s in the checkpoint", key, here.shape(), there.shape()));
    } else if (!convertible(here.dtype(), there.dtype())) {
      differing.add(key + " is " + here.dtype() + " here, " + there.dtype() + " in the checkpoint");
    }
  }

  private static boolean convertible(DType here, DType there) {
    boolean integers = !here.isFloatingPoint() && !there.isFloatingPoint();
    return here == there
        || here.isFloatingPoint() && there.isFloatingPoint()
        || integers && here != DType.BOOL && there != DType.BOOL;
  }

  private static void report(
      List<String> missing, List<String> unexpected, List<String> differing) {
    int problems = missing.size() + unexpected.size() + differing.size();
    if (problems == 0) {
      return;
    }
    List<String> parts = new ArrayList<>();
    if (!missing.isEmpty()) {
      parts.add("missing " + missing);
    }
    if (!unexpected.isEmpty()) {
      parts.add("unexpected " + unexpected);
    }
    parts.addAll(differing);
    throw new IllegalArgumentException(
        "loadStateDict: "
            + problems
            + (problems == 1 ? " problem: " : " problems: ")
            + String.join("; ", parts));
  }

  @SuppressWarnings("try")
  private static void copy(Map<String, Tensor> own, StateDict dict) {
    try (GradMode mode = GradMode.noGrad()) {
      own.forEach(
          (key, tensor) -> {
            if (dict.contains(key)) {
              Tensor source = dict.get(key);
              tensor.copy_(source.dtype() == tensor.dtype() ? source : source.to(tensor.dtype()));
            }
          });
    }
  }
}
