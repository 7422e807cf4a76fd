package dev.bellows.oracle;

import dev.bellows.memory.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.bytedeco.pytorch.CompilationUnit;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Runs TorchScript with libtorch's interpreter. Beyond what its compiler knows, {@code
 * torch.float16} and the like may be used for element types, and {@code torch.linalg.inv} for
 * {@code torch.linalg_inv}.
 */
final class Script {
  private static final Pattern NAMESPACE = Pattern.compile("torch\\.(linalg|special|fft)\\.");
  private static final Pattern TYPE =
      Pattern.compile(
          "torch\\.(float16|bfloat16|float32|float64|u?int8|int16|int32|int64|bool)\\b");

  static {
    torch.initLogging(); // reads TORCH_CPP_LOG_LEVEL
    torch.set_num_threads(1);
    torch.setGraphExecutorOptimize(false); // else each script is optimised, profiled and compiled
  }

  private Script() {}

  /** The results, from a tensor, a number or boolean, or from tuples and lists of them. */
  static List<Tensor> run(String script, List<Tensor> args) {
    StringBuilder source = new StringBuilder("def f(");
    IValueVector in = new IValueVector();
    for (int i = 0; i < args.size(); i++) {
      source.append(i == 0 ? "" : ", ").append('x').append(i).append(": Tensor");
      in.push_back(new IValue(args.get(i)));
    }
    source.append("):\n");
    String body = script.contains("return ") ? script : "return " + script;
    for (String line : translate(body).split("\n")) {
      source.append("  ").append(line).append('\n');
    }
    IValue out = compile(source.toString()).get_functions().get(0).apply(in);
    List<Tensor> results = new ArrayList<>();
    collect(out, results);
    return results;
  }

  private static CompilationUnit compile(String source) {
    try {
      return torch.compile(source);
    } catch (RuntimeException e) {
      throw new AssertionError("script: must compile; got\n" + source + e.getMessage(), e);
    }
  }

  private static String translate(String script) {
    String flat = NAMESPACE.matcher(script).replaceAll("torch.$1_");
    return TYPE.matcher(flat)
        .replaceAll(m -> Sample.text(DType.valueOf(m.group(1).toUpperCase(java.util.Locale.ROOT))));
  }

  private static void collect(IValue value, List<Tensor> results) {
    if (value.isTensor()) {
      results.add(value.toTensor());
    } else if (value.isTuple()) {
      IValueVector elements = value.toTuple().elements().vec();
      for (long i = 0; i < elements.size(); i++) {
        collect(elements.get(i), results);
      }
    } else if (value.isTensorList()) {
      TensorVector elements = value.toTensorVector();
      for (long i = 0; i < elements.size(); i++) {
        results.add(elements.get(i));
      }
    } else if (value.isBool()) {
      results.add(Torch.of(DType.BOOL, new double[] {value.toBool() ? 1 : 0}));
    } else if (value.isInt()) {
      results.add(Torch.of(DType.INT64, new double[] {value.toInt()}));
    } else if (value.isDouble()) {
      results.add(Torch.of(DType.FLOAT64, new double[] {value.toDouble()}));
    } else {
      throw new IllegalArgumentException("script: its result must be tensors; got another type");
    }
  }
}
