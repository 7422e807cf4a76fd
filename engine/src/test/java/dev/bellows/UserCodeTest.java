package dev.bellows;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles typical user code with all compiler warnings as errors. */
class UserCodeTest {
  @TempDir private Path classes;

  private static String inMethod(String... statements) {
    return """
           import static dev.bellows.autograd.GradMode.enableGrad;
           import static dev.bellows.autograd.GradMode.inferenceMode;
           import static dev.bellows.autograd.GradMode.noGrad;
           import dev.bellows.memory.DType;
           import dev.bellows.nn.Functional;
           import dev.bellows.optim.Adam;
           import dev.bellows.optim.ParamGroup;
           import dev.bellows.optim.SGD;
           import dev.bellows.tensor.Index;
           import dev.bellows.tensor.Tensor;
           import dev.bellows.tensor.TensorScope;
           import java.util.List;

           class User {
             static void run(Tensor x, List<Tensor> parameters) {
               %s
             }
           }
           """
        .formatted(String.join("\n    ", statements));
  }

  /** Compiles a source and returns the compiler's messages; empty if it accepts the source. */
  private String compile(String source) {
    JavaFileObject file =
        new SimpleJavaFileObject(URI.create("string:///User.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
          }
        };
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    List<String> options =
        List.of(
            "-Xlint:all,-classfile,-path,-processing",
            "-Werror",
            "-proc:none",
            "-d",
            classes.toString(),
            "-classpath",
            System.getProperty("java.class.path"));
    boolean compiled = compiler.getTask(said, null, null, options, null, List.of(file)).call();
    return compiled ? "" : said.toString();
  }

  @Test
  void stopsToRecordWithoutAWarning() {
    assertThat(
            compile(
                inMethod(
                    "noGrad(() -> x.sub_(x.grad()));",
                    "noGrad(() -> { x.zero_(); });",
                    "Tensor y = noGrad(() -> x.add(1));",
                    "Tensor z = inferenceMode(() -> enableGrad(() -> y.mul(2)));",
                    "inferenceMode(() -> { z.item(); });",
                    "var mode = noGrad();",
                    "try (mode) { z.item(); }",
                    "var scope = TensorScope.open();",
                    "try (scope) { z.item(); }")))
        .isEmpty();
  }

  @Test
  void namesSeveralDimensionsAndPlaces() {
    assertThat(
            compile(
                inMethod(
                    "x.sum(); x.sum(1); x.sum(1, true); x.sum(2, 3); x.sum(new int[] {2}, true);",
                    "x.mean(); x.mean(1); x.mean(-1, -2); x.nansum(0, 1); x.nanmean(0, 1);",
                    "x.amax(0, 1); x.amin(0, 1); x.all(0, 1); x.any(0, 1); x.logSumExp(0, 1);",
                    "x.var(); x.var(0); x.var(0, 1); x.var(0, true); x.var(new int[] {0}, 0,"
                        + " true);",
                    "x.std(); x.std(0); x.std(0, 1); x.std(0, true); x.std(new int[] {0}, 0,"
                        + " true);",
                    "x.norm(); x.norm(2); x.norm(2, 0); x.norm(2, 0, 1); x.norm(2, 0, true);",
                    "x.norm(1, new int[] {0}, true); x.countNonzero(0, 1);",
                    "x.get(); x.get(1); x.get(1, 2); x.get(Index.at(1)); x.get(1, 2, 3);",
                    "x.set(5, 1); x.set(5, 1, 2); x.set(x, 1, 2); x.set(2.5f, 1); x.set(5);",
                    "int i = 3; x.get(i, -1).item(); x.set(i, i, i);")))
        .isEmpty();
  }

  @Test
  void setsOptionsOfGroupsByName() {
    assertThat(
            compile(
                inMethod(
                    "var head = ParamGroup.of(parameters, SGD.options().lr(0.1).nesterov(true));",
                    "var sgd = SGD.ofGroups(List.of(head), SGD.options().momentum(0.9));",
                    "sgd.groups().get(0).set(SGD.options().momentum(0.8));",
                    "sgd.groups().get(0).setLr(0.01);")))
        .isEmpty();
    assertThat(compile(inMethod("ParamGroup.of(parameters, SGD.options().betas(0.9, 0.9));")))
        .contains("cannot find symbol")
        .contains("betas");
  }

  @Test
  void softmaxNeedsItsDimension() {
    for (String call : List.of("x.softmax();", "x.logSoftmax();", "Functional.softmax(x);")) {
      assertThat(compile(inMethod(call))).as(call).contains("cannot be applied to given types");
    }
  }
}
