package dev.bellows.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bellows.autograd.Function;
import dev.bellows.autograd.FunctionContext;
import dev.bellows.memory.DType;
import dev.bellows.nn.Buffer;
import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.nn.Parameter;
import dev.bellows.nn.layer.BatchNorm2d;
import dev.bellows.nn.layer.Bilinear;
import dev.bellows.nn.layer.Conv2d;
import dev.bellows.nn.layer.Dropout;
import dev.bellows.nn.layer.Embedding;
import dev.bellows.nn.layer.GELU;
import dev.bellows.nn.layer.LSTM;
import dev.bellows.nn.layer.LayerNorm;
import dev.bellows.nn.layer.Linear;
import dev.bellows.nn.layer.Sequential;
import dev.bellows.nn.layer.TransformerEncoderLayer;
import dev.bellows.nn.models.Autoencoder;
import dev.bellows.nn.models.Mlp;
import dev.bellows.nn.models.UNet;
import dev.bellows.optim.SGD;
import dev.bellows.serialize.Mutations;
import dev.bellows.serialize.SafeTensors;
import dev.bellows.tensor.Index;
import dev.bellows.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Traced modules compute what their models compute, also from a file, without the class. */
@Timeout(120)
class TraceTest {
  @TempDir Path folder;

  /** Convolutions, statistics, in-place operations, a view, a residual path, options. */
  static final class Net extends Module {
    final Conv2d conv = new Conv2d(2, 4, 3);
    final BatchNorm2d norm = new BatchNorm2d(4);
    final Linear fc = new Linear(4 * 3 * 3, 5);
    final Parameter scale = Parameter.of(Tensor.of(new float[] {2}));
    final Buffer shift = Buffer.of(Tensor.of(new float[] {0.5f}), false);

    @Override
    protected Tensor forward(Tensor x) {
      Tensor y = norm.call(conv.call(x)).relu_();
      y = Functional.maxPool2d(y, 2).add(Functional.avgPool2d(y, 2));
      Tensor z = fc.call(y.flatten(1)).mul(scale).add(shift);
      return Tensor.cat(List.of(z, z.get(Index.all(), Index.slice(0, 2)).clamp(-1, 1)), 1);
    }
  }

  private Tensor throughFile(TracedModule traced, Tensor... inputs) throws IOException {
    Path file = folder.resolve("net.trace");
    traced.save(file);
    return Trace.call(Trace.load(file), inputs);
  }

  private static void assertSame(Tensor got, Tensor expected) {
    assertThat(got.shape()).isEqualTo(expected.shape());
    assertThat(got.dtype()).isEqualTo(expected.dtype());
    assertThat(got.toDoubleArray()).containsExactly(expected.toDoubleArray());
  }

  @Test
  void runsForOtherBatchesAndFromAFile() throws IOException {
    Net net = new Net().eval();
    TracedModule traced = Trace.of(net, Tensor.randn(2, 2, 8, 8));
    assertThat(traced.warnings()).isEmpty();
    Tensor x = Tensor.randn(7, 2, 8, 8);
    assertSame(traced.call(x), net.call(x));
    assertSame(throughFile(traced, x), net.call(x));
    assertThat(traced.stateDict().keys()).containsExactlyElementsOf(net.stateDict().keys());
    assertThat(Trace.load(folder.resolve("net.trace")).namedParameters().keySet())
        .containsExactlyElementsOf(net.namedParameters().keySet());
    assertThat(traced.toString())
        .startsWith("TracedModule(\n  original_name=Net")
        .contains("(conv): TracePart(original_name=Conv2d)");
    assertThat(traced.calls().stream().map(TracedCall::name))
        .contains("nn.conv2d", "nn.batchNorm", "relu_", "flatten", "nn.linear", "cat", "get");
    assertThatThrownBy(() -> traced.call(x, x))
        .hasMessageContaining("trace: inputs must be 1, as when it was traced; got 2");
    assertThatThrownBy(() -> Trace.of(net)).hasMessageContaining("at least one example");
  }

  static Stream<Arguments> models() {
    return Stream.of(
        Arguments.of(new Mlp(6, 8, 3), Tensor.randn(4, 6)),
        Arguments.of(new Autoencoder(8, 4, 2), Tensor.randn(3, 8)),
        Arguments.of(new UNet(1, 2, 4), Tensor.randn(1, 1, 16, 16)),
        Arguments.of(new LSTM(4, 6), Tensor.randn(5, 2, 4)),
        Arguments.of(new TransformerEncoderLayer(8, 2), Tensor.randn(5, 3, 8)),
        Arguments.of(
            new Sequential(new Embedding(10, 6), new LayerNorm(6), new GELU()),
            Tensor.of(new long[] {1, 2, 9, 0}, 2, 2)));
  }

  @ParameterizedTest
  @MethodSource("models")
  void layersAndModels(Module model, Tensor example) throws IOException {
    model.eval();
    TracedModule traced = Trace.of(model, example);
    Tensor other =
        example.dtype() == DType.INT64 ? example.clone().fill_(3) : Tensor.randnLike(example);
    assertSame(traced.call(other), model.call(other));
    assertSame(throughFile(traced, other), model.call(other));
  }

  @Test
  void severalInputsAndOneThatIsAbsentInTheGraph() throws IOException {
    Bilinear layer = new Bilinear(3, 4, 2);
    Tensor a = Tensor.randn(5, 3);
    Tensor b = Tensor.randn(5, 4);
    TracedModule traced = Trace.of(layer, a, b);
    Tensor c = Tensor.randn(2, 3);
    Tensor d = Tensor.randn(2, 4);
    assertSame(traced.call(c, d), layer.call(c, d));
    assertSame(throughFile(traced, c, d), layer.call(c, d));
  }

  static final class Tied extends Module {
    final Linear first = new Linear(3, 3);
    final Parameter again = first.weight;

    @Override
    protected Tensor forward(Tensor x) {
      return Functional.linear(first.call(x), again, null);
    }
  }

  @Test
  void sharesParametersAndKeepsThemTied() throws IOException {
    Tied net = new Tied();
    TracedModule traced = Trace.of(net, Tensor.randn(2, 3));
    assertThat(traced.parameters()).containsExactlyElementsOf(net.parameters());
    Tensor x = Tensor.randn(4, 3);
    traced.call(x).sum().backward();
    new SGD(traced.parameters(), 0.1).step();
    assertSame(traced.call(x), net.call(x));
    assertSame(throughFile(traced, x), net.call(x));
    TracedModule loaded = Trace.load(folder.resolve("net.trace"));
    assertThat(loaded.getParameter("again")).isSameAs(loaded.getParameter("first.weight"));
    assertThat(loaded.stateDict().keys()).containsExactlyElementsOf(net.stateDict().keys());
    TracedModule copy = traced.deepCopy();
    copy.getParameter("first.bias").detach().fill_(9);
    assertSame(traced.call(x), net.call(x));
    assertThat(copy.call(x).toFloatArray()).isNotEqualTo(net.call(x).toFloatArray());
  }

  /** Changes a constant and a view in place; each run begins anew. */
  static final class Stateful extends Module {
    final transient Tensor table = Tensor.zeros(3);

    @Override
    protected Tensor forward(Tensor x) {
      Tensor sums = Tensor.zeros(3);
      sums.add_(x.sum(0)).select(0, 1).mul_(2);
      table.get(0).add_(1);
      return sums.add(table.detach()).mul(Double.POSITIVE_INFINITY).nanToNum(0, 5, -5).add(sums);
    }
  }

  @Test
  void constantsBeginAnewInEachRun() throws IOException {
    Stateful net = new Stateful();
    Tensor x = Tensor.ones(2, 3);
    Tensor expected = Tensor.of(new float[] {7, 9, 7});
    TracedModule traced = Trace.of(net, new TraceOptions().checkTrace(false), x);
    assertSame(traced.call(x), expected);
    assertSame(traced.call(x), expected);
    assertSame(throughFile(traced, x), expected);
  }

  static final class Branching extends Module {
    @Override
    protected Tensor forward(Tensor x) {
      return x.sum().item() > 0 ? x.mul(2) : x.neg();
    }
  }

  @Test
  void branchesAreFixedAndReported() {
    Branching net = new Branching();
    TracedModule traced = Trace.of(net, Tensor.ones(2));
    assertSame(traced.call(Tensor.ones(2).neg()), Tensor.of(new float[] {-2, -2}));
    assertThat(traced.calls()).hasSize(1);
    assertThat(traced.warnings()).singleElement().asString().contains("elements of a tensor");
    TraceOptions further =
        new TraceOptions().checkInputs(List.<Tensor[]>of(new Tensor[] {Tensor.ones(2).neg()}));
    assertThatThrownBy(() -> Trace.of(net, further, Tensor.ones(2)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Tracing failed sanity checks");
  }

  @Test
  void randomOperationsAreReportedAndBuffersAreLeft() {
    Sequential net = new Sequential(new BatchNorm2d(2), new Dropout(0.5));
    Tensor x = Tensor.randn(4, 2, 3, 3);
    TracedModule traced = Trace.of(net, x);
    assertThat(traced.warnings()).singleElement().asString().contains("nn.dropout");
    assertThat(net.getBuffer("0.num_batches_tracked").item()).isEqualTo(1);
    traced.call(x);
    assertThat(net.getBuffer("0.num_batches_tracked").item()).isEqualTo(2);
  }

  static final class Twice extends Function {
    @Override
    protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
      return new Tensor[] {in[0].mul(2)};
    }
  }

  static final class WithFunction extends Module {
    @Override
    protected Tensor forward(Tensor x) {
      return new Twice().apply(x);
    }
  }

  static final class WithDistance extends Module {
    @Override
    protected Tensor forward(Tensor x) {
      return Functional.tripletMarginWithDistanceLoss(
          x, x, x.neg(), (a, b) -> a.sub(b).abs().sum(-1), 1, false);
    }
  }

  @Test
  void functionsOfUsersAreRefused() {
    assertThatThrownBy(() -> Trace.of(new WithFunction(), Tensor.ones(2)))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("got a function Twice, which only its class can compute");
    assertThatThrownBy(() -> Trace.of(new WithDistance(), Tensor.ones(2, 2)))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("in nn.tripletMarginWithDistanceLoss");
    // tracing ended with the error
    assertThat(new Twice().apply(Tensor.ones(1)).item()).isEqualTo(2);
  }

  @Test
  void everyRecordedOperationIsFound() throws IOException {
    Pattern recorded = Pattern.compile("Calls\\.record\\(\\s*\"([^\"]+)\"");
    for (String file : List.of("tensor/Tensor", "tensor/TensorMethods", "nn/Functional")) {
      String source = Files.readString(Path.of("src/main/java/dev/bellows/" + file + ".java"));
      recorded
          .matcher(source)
          .results()
          .forEach(m -> assertThat(Operators.find(m.group(1))).as(m.group(1)).isNotNull());
    }
  }

  // ---- files

  private Path edited(String from, String to) throws IOException {
    Path file = folder.resolve("net.trace");
    Trace.of(new Mlp(3, 4, 2).eval(), Tensor.randn(2, 3)).save(file);
    SafeTensors.File read = SafeTensors.load(file);
    String graph = read.metadata().get(TraceFile.KEY);
    assertThat(graph).contains(from);
    Map<String, Tensor> tensors = new LinkedHashMap<>(read.tensors());
    SafeTensors.save(tensors, Map.of(TraceFile.KEY, graph.replace(from, to)), file);
    return file;
  }

  private void assertRefused(String from, String to, String text) throws IOException {
    Path file = edited(from, to);
    assertThatThrownBy(() -> Trace.load(file))
        .isInstanceOf(TraceFileException.class)
        .hasMessageContaining(text);
  }

  @Test
  void damagedGraphsAreRefused() throws IOException {
    assertRefused("\"version\":1", "\"version\":2", "version must be 1; got 2");
    assertRefused("nn.linear(", "nn.lineal(", "is none of this version's");
    assertRefused("input:0\"}", "input:1\"}", "uses input:1 before it has a value");
    assertRefused("{\"tensor\":\"input:0\"}", "3", "argument must be of type");
    assertRefused("\"calls\":[", "\"calls\":[3,", "the graph needs arguments");
    assertRefused("\"trained\"", "\"lost\"", "is of kind lost");
    assertRefused("\"modules\":{", "\"modules\":{\"a.b\":\"X\",", "there is no module for a.b");
    assertRefused("\"calls\"", "\"cells\"", "the graph needs calls");
    Path plain = folder.resolve("plain.safetensors");
    SafeTensors.save(Map.of("x", Tensor.ones(1)), Map.of(), plain);
    assertThatThrownBy(() -> Trace.load(plain)).hasMessageContaining("must hold a graph");
  }

  @Test
  void mutatedFilesGiveAClearErrorOrAModule() throws IOException {
    Path file = folder.resolve("net.trace");
    Net net = new Net().eval();
    Trace.of(net, Tensor.randn(1, 2, 8, 8)).save(file);
    byte[] whole = Files.readAllBytes(file);
    int start = new String(whole, StandardCharsets.ISO_8859_1).indexOf("bellows.trace");
    int end = new String(whole, StandardCharsets.ISO_8859_1).indexOf("result:", start) + 3000;
    SplittableRandom random = new SplittableRandom(Long.getLong("test.seed", 7));
    for (int i = 0; i < Mutations.COUNT / 10; i++) {
      byte[] bytes = whole.clone();
      for (int k = random.nextInt(3); k >= 0; k--) {
        int at = random.nextInt(start, Math.min(end, bytes.length));
        bytes[at] = bytes[random.nextInt(start, Math.min(end, bytes.length))];
      }
      Files.write(file, bytes);
      try {
        Trace.load(file).calls().forEach(call -> assertThat(call.operation()).isNotEmpty());
      } catch (IOException e) {
        assertThat(e).hasMessageContaining(":");
      }
    }
  }

  /** Changes its input. */
  static final class InPlace extends Module {
    @Override
    protected Tensor forward(Tensor x) {
      x.add_(1);
      return x.mul(2);
    }
  }

  @Test
  void examplesAreNotChanged() {
    Tensor example = Tensor.ones(3);
    TracedModule traced = Trace.of(new InPlace(), example);
    assertThat(example.toFloatArray()).containsOnly(1);
    assertThat(traced.call(Tensor.zeros(3)).toFloatArray()).containsOnly(2);
  }
}
