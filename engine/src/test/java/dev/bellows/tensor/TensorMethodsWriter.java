package dev.bellows.tensor;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Writes the source of {@code TensorMethods} from the sources of package {@code ops}, which are
 * parsed and need not compile. A public static method whose first parameter is {@code Tensor self}
 * becomes a method of the tensor with the same Javadoc, and so does a public row of {@code
 * Pointwise}, with the forms that take a number and that overwrite the tensor unless {@code @Forms}
 * says otherwise. Further forms of a method follow from its signature:
 *
 * <ul>
 *   <li>a trailing parameter with {@code @Default} may be omitted, and those after it;
 *   <li>{@code int[] dims, boolean keepDim} at the end makes a reduction: of all elements, along
 *       one dimension, over several;
 *   <li>{@code @InPlaceTwin} adds a form that overwrites the tensor.
 * </ul>
 */
final class TensorMethodsWriter {
  private static final int WIDTH = 100;
  private static final Pattern TYPE = Pattern.compile("\\b[A-Z]\\w*");
  private static final Map<String, String> IRREGULAR =
      Map.of("logSumExp", "logsumexp", "logCumSumExp", "logcumsumexp", "nonzeroAsTuple", "nonzero");

  /** What a row's method does with its other operand, by the operand's type. */
  private static final Map<String, String> OPERANDS =
      Map.of(
          "", "",
          "Tensor", "The tensors are broadcast to one shape and promoted to one type. ",
          "Number", "The number takes part in type promotion by its category alone. ");

  private final Map<String, String> imports = new TreeMap<>();
  private final StringBuilder body = new StringBuilder();

  private record Param(String type, String name, String defaultValue) {
    String declared() {
      return type + " " + name;
    }
  }

  /** One method of the tensor: what it declares, and what it passes to the operation. */
  private record Form(List<String> declared, List<String> passed, String doc) {}

  private TensorMethodsWriter() {}

  /** The source for all operations in a folder. */
  static String write(Path folder) throws IOException {
    TensorMethodsWriter writer = new TensorMethodsWriter();
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null,
                  manager,
                  null,
                  List.of("-proc:none"),
                  null,
                  manager.getJavaFileObjectsFromPaths(files));
      Trees trees = Trees.instance(task);
      for (CompilationUnitTree unit : task.parse()) {
        writer.unit(unit, trees);
      }
    }
    return writer.source();
  }

  private String source() {
    String imported =
        imports.values().stream()
            .filter(name -> !name.startsWith("dev.bellows.tensor."))
            .sorted()
            .map(name -> "import " + name + ";\n")
            .collect(Collectors.joining());
    return "package dev.bellows.tensor;\n\n"
        + imported
        + "\n"
        + "/**\n"
        + " * The operations as methods of the tensor.\n"
        + " *\n"
        + " * <p>Do not edit: {@code -Dtest=TensorMethodsTest -Dbellows.docs.write=true} writes"
        + " this file from\n"
        + " * the sources of package {@code ops}, where each method's Javadoc stands too.\n"
        + " */\n"
        + "abstract sealed class TensorMethods permits Tensor {\n"
        + "  private Tensor self() {\n"
        + "    return (Tensor) this;\n"
        + "  }\n"
        + body
        + "}\n";
  }

  private void unit(CompilationUnitTree unit, Trees trees) {
    Map<String, String> known = new TreeMap<>();
    for (ImportTree each : unit.getImports()) {
      String name = each.getQualifiedIdentifier().toString();
      known.put(name.substring(name.lastIndexOf('.') + 1), name);
    }
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
          body.append("\n  // ---- ").append(name).append('\n');
          imports.put(name, "dev.bellows.ops." + name);
          first = false;
        }
        String comment = trees.getDocComment(TreePath.getPath(unit, member));
        if (comment == null) {
          throw new IllegalStateException(name + ": has no Javadoc: " + member);
        }
        if (isMethod) {
          method(name, (MethodTree) member, comment, known);
        } else {
          row(name, (VariableTree) member, comment);
        }
      }
    }
  }

  /** A row of {@code Pointwise}: its name is the first string in what makes it. */
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
      append(doc, "Tensor", name, declared, call(constant + ".of", "self()", form));
      if (inPlace) {
        String twin = overwrites(name, declared);
        append(twin, "Tensor", name + "_", declared, call(constant + ".inPlace", "self()", form));
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
        && Set.of("UnaryFunction", "BinaryFunction").contains(field.getType().toString());
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

  private void method(String owner, MethodTree method, String comment, Map<String, String> known) {
    String name = method.getName().toString();
    String result = method.getReturnType().toString();
    List<Param> params = new ArrayList<>();
    for (VariableTree each : method.getParameters().subList(1, method.getParameters().size())) {
      params.add(param(each));
    }
    Stream.concat(Stream.of(result), params.stream().map(Param::type))
        .forEach(type -> importTypes(type, known));
    String doc = comment.replaceAll("\\bself\\b", "this");
    String twinBy = twinBy(method.getModifiers());
    for (Form form : forms(name, params, withSource(name, doc, ""))) {
      append(form.doc, result, name, form.declared, call(owner + "." + name, "self()", form));
      if (twinBy != null) {
        String twin = name + "_";
        append(
            overwrites(name, form.declared),
            result,
            twin,
            form.declared,
            new Call(
                twinBy,
                List.of(
                    '"' + twin + '"',
                    "self()",
                    "x -> " + call(owner + "." + name, "x", form).onOneLine())));
        String by = twinBy.substring(0, twinBy.indexOf('.'));
        imports.put(by, "dev.bellows.ops." + by);
      }
    }
  }

  private static Param param(VariableTree tree) {
    String value = null;
    for (AnnotationTree annotation : tree.getModifiers().getAnnotations()) {
      if (annotation.getAnnotationType().toString().equals("Default")) {
        value = value(annotation);
      }
    }
    String type = tree.getType().toString();
    String declared = tree.toString();
    return new Param(
        declared.contains("...") ? type.substring(0, type.length() - 2) + "..." : type,
        tree.getName().toString(),
        value);
  }

  /** The method that {@code @InPlaceTwin} names, or null if there is no such annotation. */
  private static String twinBy(ModifiersTree modifiers) {
    for (AnnotationTree annotation : modifiers.getAnnotations()) {
      if (annotation.getAnnotationType().toString().equals("InPlaceTwin")) {
        return annotation.getArguments().isEmpty() ? "Overwriting.with" : value(annotation);
      }
    }
    return null;
  }

  private static String value(AnnotationTree annotation) {
    Tree argument = annotation.getArguments().get(0);
    argument = argument instanceof AssignmentTree named ? named.getExpression() : argument;
    return (String) ((LiteralTree) argument).getValue();
  }

  private void importTypes(String type, Map<String, String> known) {
    Matcher matcher = TYPE.matcher(type);
    while (matcher.find()) {
      String name = matcher.group();
      if (known.containsKey(name)) {
        imports.put(name, known.get(name));
      } else if (!Set.of("Number", "String", "Double", "Integer").contains(name)) {
        imports.put(name, "dev.bellows.ops." + name);
      }
    }
  }

  // ---- forms

  private static List<Form> forms(String name, List<Param> params, String doc) {
    int n = params.size();
    List<String> declared = params.stream().map(Param::declared).toList();
    List<String> passed = params.stream().map(Param::name).toList();
    List<Form> forms = new ArrayList<>();
    if (n >= 2
        && declared.get(n - 2).equals("int[] dims")
        && declared.get(n - 1).equals("boolean keepDim")) {
      forms.addAll(reductions(name, declared, passed));
    } else {
      for (int kept = n - 1; kept >= 0 && params.get(kept).defaultValue != null; kept--) {
        forms.add(0, shorter(name, params, declared, passed, kept));
      }
    }
    forms.add(new Form(declared, passed, doc));
    return forms;
  }

  private static Form shorter(
      String name, List<Param> params, List<String> declared, List<String> passed, int kept) {
    List<String> arguments = new ArrayList<>(passed.subList(0, kept));
    List<String> said = new ArrayList<>();
    for (Param param : params.subList(kept, params.size())) {
      arguments.add(param.defaultValue);
      said.add("{@code " + param.name + " = " + param.defaultValue + "}");
    }
    return new Form(
        declared.subList(0, kept),
        arguments,
        " As {@link #" + name + "(" + types(declared) + ")} with " + String.join(", ", said) + ".");
  }

  private static List<Form> reductions(String name, List<String> declared, List<String> passed) {
    List<String> lead = declared.subList(0, declared.size() - 2);
    List<String> given = passed.subList(0, declared.size() - 2);
    String all = " As {@link #" + name + "(" + types(declared) + ")}, ";
    return List.of(
        new Form(lead, plus(given, "new int[0]", "false"), all + "of all elements."),
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

  private static String types(List<String> declared) {
    return declared.stream()
        .map(each -> each.substring(0, each.lastIndexOf(' ')).replaceAll("<.*>", ""))
        .collect(Collectors.joining(", "));
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
    String last = wrapped("<p>" + note + "PyTorch: {@code " + mirrored + "}.").replace("\n", "\n ");
    return text + "\n\n " + last + "\n" + rest;
  }

  // ---- text, as google-java-format lays it out

  private record Call(String name, List<String> arguments) {
    String onOneLine() {
      return name + "(" + String.join(", ", arguments) + ")";
    }
  }

  private static Call call(String name, String self, Form form) {
    List<String> arguments = new ArrayList<>(List.of(self));
    arguments.addAll(form.passed);
    return new Call(name, arguments);
  }

  private void append(String doc, String result, String name, List<String> params, Call call) {
    body.append('\n').append(javadoc(doc));
    body.append(broken("  public final " + result + " " + name + "(", params, ") {"));
    body.append(broken("    return " + call.name + "(", call.arguments, ");"));
    body.append("  }\n");
  }

  private static String broken(String start, List<String> items, String end) {
    String joined = String.join(", ", items);
    if (start.length() + joined.length() + end.length() <= WIDTH) {
      return start + joined + end + "\n";
    }
    String indent = " ".repeat(start.length() - start.stripLeading().length() + 4);
    boolean fits = indent.length() + joined.length() + end.length() <= WIDTH;
    String separator = fits ? ", " : ",\n" + indent;
    return start + "\n" + indent + String.join(separator, items) + end + "\n";
  }

  private static String javadoc(String doc) {
    String text = doc.strip();
    if (!text.contains("\n") && text.length() <= WIDTH - "  /**  */".length()) {
      return "  /** " + text + " */\n";
    }
    StringBuilder out = new StringBuilder("  /**\n");
    for (String line : (text.contains("\n") ? text : wrapped(text)).split("\n", -1)) {
      String stripped = line.startsWith(" ") ? line.substring(1) : line;
      out.append(stripped.isBlank() ? "   *" : "   * " + stripped).append('\n');
    }
    return out.append("   */\n").toString();
  }

  private static String wrapped(String text) {
    StringBuilder out = new StringBuilder();
    int column = 0;
    for (String word : text.split(" ")) {
      if (column > 0 && column + 1 + word.length() > WIDTH - "   * ".length()) {
        out.append('\n');
        column = 0;
      } else if (column > 0) {
        out.append(' ');
        column++;
      }
      out.append(word);
      column += word.length();
    }
    return out.toString();
  }
}
