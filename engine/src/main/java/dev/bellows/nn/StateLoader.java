package dev.bellows.nn;

import dev.bellows.autograd.GradMode;
import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Copies a state dict into the tensors of a module: checks everything first, then copies. */
final class StateLoader {
  private StateLoader() {}

  static LoadReport load(Map<String, Tensor> own, StateDict dict, boolean strict) {
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
    List<String> unexpected = dict.keys().stream().filter(k -> !own.containsKey(k)).toList();
    report(strict ? missing : List.of(), strict ? unexpected : List.of(), differing);
    copy(own, dict);
    return new LoadReport(List.copyOf(missing), unexpected);
  }

  private static void check(String key, Tensor here, Tensor there, List<String> differing) {
    if (!Arrays.equals(here.shape(), there.shape())) {
      differing.add(
          key
              + " is "
              + Arrays.toString(here.shape())
              + " here, "
              + Arrays.toString(there.shape())
              + " in the checkpoint");
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
