package dev.bellows.ops;

import dev.bellows.memory.DType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The element types that operations take whose kernels could take more: those of PyTorch, with its
 * words for what is refused. An operation that is not here takes all types, or checks itself.
 */
public final class Accepted {
  /** The types an operation takes, and PyTorch's name of the kernel that misses the others. */
  private record Rule(Predicate<DType> takes, String kernel) {}

  private static final Predicate<DType> NUMERIC = type -> type != DType.BOOL;
  private static final Map<String, Rule> RULES = new HashMap<>();

  static {
    numeric("abs", "abs_cpu");
    numeric("floor", "floor_vml_cpu");
    numeric("ceil", "ceil_vml_cpu");
    numeric("round", "round_vml_cpu");
    numeric("trunc", "trunc_vml_cpu");
    numeric("pow", "pow");
    numeric("fmod", "fmod_cpu");
    numeric("remainder", "remainder_cpu");
    numeric("floorDivide", "div_floor_cpu");
    numeric("div rounded", "div_trunc_cpu");
    numeric("clamp by tensors", "clamp_kernel_cpu");
    numeric("addcmul", "addcmul_cpu_out");
    numeric("argmax", "argmax_cpu");
    numeric("argmin", "argmin_cpu");
    numeric("topk", "topk_cpu");
    numeric("kthvalue", "kthvalue_cpu");
    numeric("median", "median_out_impl");
    numeric("nanmedian", "median_out_impl");
    numeric("searchsorted", "searchsorted_out_cpu");
    numeric("isin", "isin_default_cpu");
    numeric("indexReduce", "index_func_");
    floating("frac", "frac_cpu");
    floating("hypot", "hypot_cpu");
    floating("round to decimals", "round_vml_cpu");
  }

  private Accepted() {}

  private static void numeric(String name, String kernel) {
    RULES.put(name, new Rule(NUMERIC, kernel));
  }

  private static void floating(String name, String kernel) {
    RULES.put(name, new Rule(DType::isFloatingPoint, kernel));
  }

  /** The types that an operation takes as far as these rules say. */
  public static List<DType> types(String name) {
    Rule rule = RULES.get(name);
    return Arrays.stream(DType.values()).filter(t -> rule == null || rule.takes.test(t)).toList();
  }

  /**
   * Checks the type that operands were brought to.
   *
   * @throws IllegalArgumentException in PyTorch's words if the operation does not take it
   */
  public static void check(String name, DType type) {
    Rule rule = RULES.get(name);
    if (rule != null && !rule.takes.test(type)) {
      throw new IllegalArgumentException(
          name + ": \"" + rule.kernel + "\" not implemented for '" + peer(type) + "'; got " + type);
    }
  }

  /** PyTorch's name of a type that is refused. */
  private static String peer(DType type) {
    return switch (type) {
      case BOOL -> "Bool";
      case UINT8 -> "Byte";
      case INT8 -> "Char";
      case INT16 -> "Short";
      case INT32 -> "Int";
      case INT64 -> "Long";
      case FLOAT16 -> "Half";
      case BFLOAT16 -> "BFloat16";
      case FLOAT32 -> "Float";
      case FLOAT64 -> "Double";
    };
  }
}
