package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The element types that an operation takes: those of PyTorch, with its words for what is refused.
 */
public final class Accepted {
  /** All types. */
  static final Accepted ANY = of(type -> true, "");

  /** All types; computes with FLOAT32 where the operands are not floating point. */
  static final Accepted REAL = new Accepted(type -> true, true, false, ANY.refusal);

  /** Floating point types. */
  static final Accepted FLOATING = of(DType::isFloatingPoint, "operands must be of floating point");

  /** Whole numbers and BOOL. */
  static final Accepted BITS =
      of(type -> !type.isFloatingPoint(), "operands must be integers or BOOL");

  /** Whole numbers. */
  static final Accepted INTEGERS =
      of(type -> type.isIntegral() && type != DType.BOOL, "operands must be integers");

  /** Rules of operations that are no rows of {@link Pointwise}. */
  private static final Map<String, Accepted> RULES =
      Map.ofEntries(
          Map.entry("clamp by tensors", numeric("clamp_kernel_cpu")),
          Map.entry("addcmul", numeric("addcmul_cpu_out")),
          Map.entry("argmax", numeric("argmax_cpu")),
          Map.entry("argmin", numeric("argmin_cpu")),
          Map.entry("topk", numeric("topk_cpu")),
          Map.entry("kthvalue", numeric("kthvalue_cpu")),
          Map.entry("median", numeric("median_out_impl")),
          Map.entry("nanmedian", numeric("median_out_impl")),
          Map.entry("searchsorted", numeric("searchsorted_out_cpu")),
          Map.entry("isin", numeric("isin_default_cpu")),
          Map.entry("indexReduce", numeric("index_func_")),
          Map.entry("threshold", numeric("threshold_cpu")),
          Map.entry("frac", floating("frac_cpu")),
          Map.entry("round to decimals", floating("round_vml_cpu")));

  private final Predicate<DType> takes;
  private final boolean converts;
  private final boolean eachOperand;
  private final Refusal refusal;

  /** What an error says of a type. */
  private interface Refusal {
    String of(String operation, DType type);
  }

  private Accepted(Predicate<DType> takes, boolean converts, boolean eachOperand, Refusal refusal) {
    this.takes = takes;
    this.converts = converts;
    this.eachOperand = eachOperand;
    this.refusal = refusal;
  }

  private static Accepted of(Predicate<DType> takes, String rule) {
    return new Accepted(
        takes, false, false, (operation, type) -> operation + ": " + rule + "; got " + type);
  }

  /** Accepts all types but BOOL, as the named kernel of PyTorch. */
  static Accepted numeric(String kernel) {
    return byKernel(type -> type != DType.BOOL, kernel);
  }

  /** Accepts floating point types, as the named kernel of PyTorch. */
  static Accepted floating(String kernel) {
    return byKernel(DType::isFloatingPoint, kernel);
  }

  private static Accepted byKernel(Predicate<DType> takes, String kernel) {
    return new Accepted(
        takes,
        false,
        false,
        (operation, type) ->
            message(
                "%s: \"%s\" not implemented for '%s'; got %s",
                operation, kernel, peer(type), type));
  }

  /** Refuses BOOL, even as one of several operands. */
  static Accepted notBool(String message) {
    return new Accepted(
        type -> type != DType.BOOL, false, true, (operation, type) -> operation + ": " + message);
  }

  /**
   * Returns the type that an operation computes in.
   *
   * @param promoted the type that the operands are brought to
   * @throws IllegalArgumentException if the operation does not take it
   */
  DType type(String operation, DType promoted, Tensor... operands) {
    require(operation, promoted);
    if (eachOperand) {
      for (Tensor operand : operands) {
        require(operation, operand.dtype());
      }
    }
    return converts ? Types.floating(promoted) : promoted;
  }

  private void require(String operation, DType type) {
    if (!takes.test(type)) {
      throw new IllegalArgumentException(refusal.of(operation, type));
    }
  }

  /** Returns the types that an operation takes as far as the rules by name say. */
  public static List<DType> types(String name) {
    Predicate<DType> takes = RULES.getOrDefault(name, ANY).takes;
    return Arrays.stream(DType.values()).filter(takes).toList();
  }

  /**
   * Checks the type that operands were brought to, by the rule of that name.
   *
   * @throws IllegalArgumentException in PyTorch's words if the operation does not take it
   */
  public static void check(String name, DType type) {
    RULES.getOrDefault(name, ANY).require(name, type);
  }

  /** Returns PyTorch's name of a type that is refused. */
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
