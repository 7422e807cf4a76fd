package dev.bellows.benchmarks;

import dev.bellows.autograd.GradMode;
import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.TensorScope;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.StringJoiner;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Function;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The process of one side of {@link OpsSideBySide}. Reads lines {@code number of a case, seconds},
 * calls the case for about that long, and prints {@code median ms of a call, sum of the results'
 * absolute values}; for {@code number, "cold"} it prints the ms of each of the first calls.
 */
public final class OpWorker {
  private static final int COLD_CALLS = 100;
  private static final double LEAST_MS = 0.2;
  private static final int LEAST_SAMPLES = 3;

  private OpWorker() {}

  /** One side's call of a case. */
  private interface Calls extends AutoCloseable {
    /** Makes a number of calls. */
    void run(int calls);

    /** Makes one call and returns the sum of the absolute values. */
    double sum();

    @Override
    void close();
  }

  /** Runs the side named by the first argument. */
  public static void main(String[] args) throws IOException {
    PrintStream out = System.out;
    System.setOut(System.err);
    List<OpCase> cases = OpCases.all();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String line;
    while ((line = in.readLine()) != null) {
      String[] words = line.split(" ", -1);
      OpCase op = cases.get(Integer.parseInt(words[0]));
      try (Calls calls = args[0].equals(Side.OURS) ? new Ours(op) : new Peer(op)) {
        out.println(
            words[1].equals("cold") ? cold(calls) : warm(calls, Double.parseDouble(words[1])));
      }
      out.flush();
    }
  }

  private static double ms(Calls calls, int count) {
    long start = System.nanoTime();
    calls.run(count);
    return (System.nanoTime() - start) / 1e6 / count;
  }

  private static String warm(Calls calls, double seconds) {
    double sum = calls.sum();
    int count = (int) Math.max(1, LEAST_MS / Math.max(1e-4, ms(calls, 1)));
    List<Double> samples = new ArrayList<>();
    long end = System.nanoTime() + (long) (seconds * 1e9);
    while (samples.size() < LEAST_SAMPLES || System.nanoTime() < end) {
      samples.add(ms(calls, count));
    }
    samples.sort(null);
    return samples.get(samples.size() / 2) + " " + sum;
  }

  private static String cold(Calls calls) {
    StringJoiner text = new StringJoiner(" ");
    for (int i = 0; i < COLD_CALLS; i++) {
      text.add(Double.toString(ms(calls, 1)));
    }
    return text.toString();
  }

  private static final class Ours implements Calls {
    private final OpCase op;
    private final Tensor[] inputs;
    private final TensorScope scope = TensorScope.open();

    Ours(OpCase op) {
      this.op = op;
      inputs = new Tensor[op.inputs().size()];
      for (int i = 0; i < inputs.length; i++) {
        OpCase.Input input = op.inputs().get(i);
        inputs[i] = Tensor.of(input.values(i), input.shape()).to(input.type());
      }
    }

    @Override
    public void run(int calls) {
      try (GradMode mode = GradMode.noGrad()) {
        for (int i = 0; i < calls; i++) {
          try (TensorScope each = TensorScope.open()) {
            Objects.requireNonNull(op.ours().apply(inputs));
          }
        }
      }
    }

    @Override
    public double sum() {
      try (GradMode mode = GradMode.noGrad();
          TensorScope each = TensorScope.open()) {
        return op.ours().apply(inputs).to(DType.FLOAT64).abs().sum().item();
      }
    }

    @Override
    public void close() {
      scope.close();
    }
  }

  /** Calls in a loop of TorchScript, which costs less than one in Java. */
  private static final class Peer implements Calls {
    private final PointerScope scope = new PointerScope();
    private final NoGradGuard guard = new NoGradGuard();
    private final Function function;
    private final org.bytedeco.pytorch.Tensor[] inputs;

    Peer(OpCase op) {
      torch.set_num_threads(1);
      torch.setGraphExecutorOptimize(false); // else calls in the loop are merged
      inputs = new org.bytedeco.pytorch.Tensor[op.inputs().size()];
      StringBuilder source = new StringBuilder("def f(n: int");
      for (int i = 0; i < inputs.length; i++) {
        OpCase.Input input = op.inputs().get(i);
        inputs[i] = torch.tensor(input.values(i)).toType(type(input.type())).reshape(input.shape());
        source.append(", x").append(i).append(": Tensor");
      }
      source.append("):\n  y = torch.zeros([1])\n  for i in range(n):\n    y = ");
      source.append(op.script()).append("\n  return y\n");
      function = torch.compile(source.toString()).get_functions().get(0);
    }

    private static ScalarType type(DType type) {
      return switch (type) {
        case FLOAT32 -> ScalarType.Float;
        case FLOAT64 -> ScalarType.Double;
        case FLOAT16 -> ScalarType.Half;
        case BFLOAT16 -> ScalarType.BFloat16;
        case INT64 -> ScalarType.Long;
        case INT32 -> ScalarType.Int;
        case UINT8 -> ScalarType.Byte;
        case BOOL -> ScalarType.Bool;
        default -> throw new IllegalArgumentException("no case has the type " + type);
      };
    }

    private org.bytedeco.pytorch.Tensor call(int calls) {
      IValueVector in = new IValueVector();
      in.push_back(new IValue(calls));
      for (org.bytedeco.pytorch.Tensor input : inputs) {
        in.push_back(new IValue(input));
      }
      return function.apply(in).toTensor();
    }

    @Override
    public void run(int calls) {
      try (PointerScope each = new PointerScope()) {
        call(calls);
      }
    }

    @Override
    public double sum() {
      try (PointerScope each = new PointerScope()) {
        return call(1).toType(ScalarType.Double).abs().sum().item_double();
      }
    }

    @Override
    public void close() {
      guard.close();
      scope.close();
    }
  }
}
