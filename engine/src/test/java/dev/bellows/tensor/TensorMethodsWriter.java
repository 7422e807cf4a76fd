package dev.bellows.tensor;

import static dev.bellows.ForwardingSource.types;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.Trees;
import dev.bellows.ForwardingSource;
import dev.bellows.ForwardingSource.Call;
import dev.bellows.ForwardingSource.Form;
import dev.bellows.ForwardingSource.Param;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.lang.model.element.Modifier;

/**
 * Writes the source of {@code TensorMethods} from the sources of package {@code ops}, which are
 * parsed and need not compile. A public static method whose first parameter is {@code Tensor self}
 * becomes a method of the tensor with the same Javadoc, and so does a public row of a table of
 * pointwise functions, with the forms that take a number and that overwrite the tensor unless
 * {@code @Forms} says otherwise. Further forms of a method follow from its signature:
 *
 * <ul>
 *   <li>a trailing parameter with {@code @Default} may be omitted, and those after it;
 *   <li>{@code int[] dims, boolean keepDim} at the end makes a reduction: of all elements, along
 *       one dimension, over several;
 *   <li>{@code @InPlaceTwin} adds a form that overwrites the tensor.
 * </ul>
 */
final class TensorMethodsWriter {
  private static final Map<String, String> IRREGULAR =
      Map.of("logSumExp", "logsumexp", "logCumSumExp", "logcumsumexp", "nonzeroAsTuple", "nonzero");

  /** What a row's method does with its other operand, by the operand's type. */
  private static final Map<String, String> OPERANDS =
      Map.of(
          "", "",
          "Tensor", "The tensors are broadcast to one shape and promoted to one type. ",
          "Number", "The number takes part in type promotion by its category alone. ");

  private final ForwardingSource out = new ForwardingSource("dev.bellows.ops", "public final", "");

  private TensorMethodsWriter() {}

  /** Returns the source for all operations in a folder. */
  static String write(Path folder) throws IOException {
    TensorMethodsWriter writer = new TensorMethodsWriter();
    ForwardingSource.read(folder, writer::unit);
    return writer.out.source(
        "dev.bellows.tensor",
        "/**\n"
            + " * The operations as methods of the tensor.\n"
            + " *\n"
            + " * <p>Do not edit: {@code -Dtest=TensorMethodsTest -Dbellows.docs.write=true} writes"
            + " this file from\n"
            + " * the sources of package {@code ops}, where each method's Javadoc stands too.\n"
            + " */\n"
            + "abstract sealed class TensorMethods permits Tensor {\n"
            + "  private Tensor self() {\n"
            + "    return (Tensor) this;\n"
            + "  }\n");
  }

  private void unit(CompilationUnitTree unit, Trees trees) {
    for (Tree type : unit.getTypeDecls()) {
      if (!(type instanceof ClassTree owner)) {
        continue;
      }
      boolean first = true;
      for (Tree member : owner.getMembers()) {
        boolean isMethod = member instanceof MethodTree method && isTensorMethod(method);
        if (!isMethod && !(member instanceof VariableTree field && isRow(field))) {
          continue;
        }
        String name = owner.getSimpleName().toString();
        if (first) {
          out.section(name);
          first = false;
        }
        String comment = ForwardingSource.comment(unit, trees, member);
        if (isMethod) {
          method(name, (MethodTree) member, comment, unit);
        } else {
          row(name, (VariableTree) member, comment);
        }
      }
    }
  }

  /** A row of a table: its name is the first string in what makes it. */
  private void row(String owner, VariableTree row, String comment) {
    String name =
        ((MethodInvocationTree) row.getInitializer())
            .getArguments().stream()
                .filter(LiteralTree.class::isInstance)
                .map(argument -> (String) ((LiteralTree) argument).getValue())
                .findFirst()
                .orElseThrow();
    String constant = owner + "." + row.getName();
    boolean binary = row.getType().toString().equals("BinaryFunction");
    boolean inPlace = !isSwitchedOff(row, "inPlace");
    for (String type : binary ? List.of("Tensor", "Number") : List.of("")) {
      if (type.equals("Number") && isSwitchedOff(row, "number")) {
        continue;
      }
      List<String> declared = binary ? List.of(type + " other") : List.of();
      String doc = withSource(name, comment, OPERANDS.get(type));
      Form form = new Form(declared, binary ? List.of("other") : List.of(), doc);
      out.method(doc, "Tensor", name, declared, call(constant + ".of", "self()", form));
      if (inPlace) {
        String twin = overwrites(name, declared);
        out.method(
            twin, "Tensor", name + "_", declared, call(constant + ".inPlace", "self()", form));
      }
    }
  }

  private static boolean isSwitchedOff(VariableTree row, String form) {
    return row.getModifiers().getAnnotations().stream()
        .filter(each -> each.getAnnotationType().toString().equals("Forms"))
        .flatMap(each -> each.getArguments().stream())
        .anyMatch(each -> each.toString().equals(form + " = false"));
  }

  private static boolean isRow(VariableTree field) {
    return field.getModifiers().getFlags().containsAll(Set.of(Modifier.PUBLIC, Modifier.STATIC))
        && Set.of("UnaryFunction", "BinaryFunction").contains(field.getType().toString())
        && !isSwitchedOff(field, "method");
  }

  private static String overwrites(String name, List<String> declared) {
    return " Overwrites this with {@link #"
        + name
        + "("
        + types(declared)
        + ")} and gives it back.";
  }

  private static boolean isTensorMethod(MethodTree method) {
    Set<Modifier> modifiers = method.getModifiers().getFlags();
    if (!modifiers.containsAll(Set.of(Modifier.PUBLIC, Modifier.STATIC))
        || method.getParameters().isEmpty()) {
      return false;
    }
    VariableTree first = method.getParameters().get(0);
    return first.getName().contentEquals("self") && first.getType().toString().equals("Tensor");
  }

  private void method(String owner, MethodTree method, String comment, CompilationUnitTree unit) {
    String name = method.getName().toString();
    String result = method.getReturnType().toString();
    List<Param> params = ForwardingSource.params(method, 1);
    out.importTypes(unit, method, params);
    String doc = comment.replaceAll("\\bself\\b", "this");
    boolean hasTwin =
        method.getModifiers().getAnnotations().stream()
            .anyMatch(each -> each.getAnnotationType().toString().equals("InPlaceTwin"));
    for (Form form : forms(name, params, withSource(name, doc, ""))) {
      out.method(
          form.doc(), result, name, form.declared(), call(owner + "." + name, "self()", form));
      if (hasTwin) {
        String twin = name + "_";
        out.method(
            overwrites(name, form.declared()),
            result,
            twin,
            form.declared(),
            new Call(
                "Overwriting.with",
                List.of(
                    '"' + twin + '"',
                    "self()",
                    "x -> " + call(owner + "." + name, "x", form).onOneLine())));
        out.importOwner("Overwriting");
      }
    }
  }

  // ---- forms

  private static List<Form> forms(String name, List<Param> params, String doc) {
    List<Form> forms = new ArrayList<>(ForwardingSource.forms(name, params, doc));
    Form whole = forms.get(forms.size() - 1);
    int n = params.size();
    if (n >= 2
        && whole.declared().get(n - 2).equals("int[] dims")
        && whole.declared().get(n - 1).equals("boolean keepDim")) {
      forms.addAll(0, reductions(name, whole.declared(), whole.passed()));
    }
    return forms;
  }

  private static List<Form> reductions(String name, List<String> declared, List<String> passed) {
    List<String> lead = declared.subList(0, declared.size() - 2);
    List<String> given = passed.subList(0, declared.size() - 2);
    String all = " Works like {@link #" + name + "(" + types(declared) + ")}, ";
    return List.of(
        new Form(lead, plus(given, "new int[0]", "false"), all + "over all elements."),
        new Form(
            plus(lead, "int dim"),
            plus(given, "new int[] {dim}", "false"),
            all + "along one dimension, which is removed."),
        new Form(
            plus(lead, "int dim", "boolean keepDim"),
            plus(given, "new int[] {dim}", "keepDim"),
            all + "along one dimension."),
        new Form(
            plus(lead, "int... dims"),
            plus(given, "dims", "false"),
            all + "over dimensions, which are removed; over all of them if none are given."));
  }

  private static List<String> plus(List<String> list, String... more) {
    List<String> out = new ArrayList<>(list);
    out.addAll(List.of(more));
    return out;
  }

  /** The Javadoc with PyTorch's name for the method, where it does not mention PyTorch itself. */
  private static String withSource(String name, String doc, String note) {
    if (doc.contains("PyTorch")) {
      return doc;
    }
    String mirrored =
        IRREGULAR.getOrDefault(name, name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT));
    int tags = doc.indexOf("\n @");
    String text = (tags < 0 ? doc : doc.substring(0, tags)).stripTrailing();
    String rest = tags < 0 ? "" : doc.substring(tags);
    String last =
        ForwardingSource.wrapped("<p>" + note + "PyTorch: {@code " + mirrored + "}.")
            .replace("\n", "\n ");
    return text + "\n\n " + last + "\n" + rest;
  }

  private static Call call(String name, String self, Form form) {
    List<String> arguments = new ArrayList<>(List.of(self));
    arguments.addAll(form.passed());
    return new Call(name, arguments);
  }
}
