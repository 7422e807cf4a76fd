package dev.bellows;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
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
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * The source of a class whose methods forward to those of others: reads their sources, collects the
 * imports and lays methods out as google-java-format does. A trailing parameter with
 * {@code @Default} may be omitted, and those after it.
 */
public final class ForwardingSource {
  private static final int WIDTH = 100;
  private static final Pattern TYPE = Pattern.compile("\\b[A-Z]\\w*(?:\\.[A-Z]\\w*)*");
  private static final Set<String> LANG =
      Set.of("Number", "String", "Double", "Integer", "Long", "Object");

  private final Map<String, String> imports = new TreeMap<>();
  private final StringBuilder body = new StringBuilder();
  private final String from;
  private final String modifiers;
  private final String prefix;

  /** A parameter; its default is a Java expression, or null. */
  public record Param(String type, String name, String defaultValue) {
    String declared() {
      return type + " " + name;
    }
  }

  /** One method: the parameters it declares, the arguments it passes on, and its Javadoc. */
  public record Form(List<String> declared, List<String> passed, String doc) {}

  /** A call of a method. */
  public record Call(String name, List<String> arguments) {
    /** Returns the call as Java. */
    public String onOneLine() {
      return name + "(" + String.join(", ", arguments) + ")";
    }
  }

  /** What is done with each class that is read. */
  public interface Reader {
    /** Reads one file. */
    void read(CompilationUnitTree unit, Trees trees);
  }

  /**
   * A source of methods with the given modifiers, which forward to classes of one package.
   *
   * @param prefix of the methods' names in recordings; empty for methods of a tensor
   */
  public ForwardingSource(String from, String modifiers, String prefix) {
    this.from = from;
    this.modifiers = modifiers;
    this.prefix = prefix;
  }

  /** Parses all sources in a folder, by name; they need not compile. */
  public static void read(Path folder, Reader reader) throws IOException {
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
        reader.read(unit, trees);
      }
    }
  }

  /** The Javadoc of a member, which must have some. */
  public static String comment(CompilationUnitTree unit, Trees trees, Tree member) {
    String comment = trees.getDocComment(TreePath.getPath(unit, member));
    if (comment == null) {
      throw new IllegalStateException(
          unit.getSourceFile().getName() + ": has no Javadoc: " + member);
    }
    return comment;
  }

  /** The whole source: package, imports, the head of the class, methods. */
  public String source(String to, String head) {
    String imported =
        imports.values().stream()
            .filter(name -> !name.startsWith(to + "."))
            .distinct()
            .sorted()
            .map(name -> "import " + name + ";\n")
            .collect(Collectors.joining());
    return "package " + to + ";\n\n" + imported + "\n" + head + body + "}\n";
  }

  /** Opens the part of a class's methods. */
  public void section(String owner) {
    body.append("\n  // ---- ").append(owner).append('\n');
    importOwner(owner);
  }

  /** Imports a class that is forwarded to. */
  public void importOwner(String owner) {
    imports.put(owner, from + "." + owner);
  }

  /** Imports the types of a method, as its own file does. */
  public void importTypes(CompilationUnitTree unit, MethodTree method, List<Param> params) {
    Map<String, String> known = new TreeMap<>();
    for (ImportTree each : unit.getImports()) {
      String name = each.getQualifiedIdentifier().toString();
      known.put(name.substring(name.lastIndexOf('.') + 1), name);
    }
    Stream.concat(Stream.of(method.getReturnType().toString()), params.stream().map(Param::type))
        .forEach(type -> importType(type, known));
  }

  private void importType(String type, Map<String, String> known) {
    Matcher matcher = TYPE.matcher(type);
    while (matcher.find()) {
      String name = matcher.group().replaceFirst("\\..*", "");
      if (known.containsKey(name)) {
        imports.put(name, known.get(name));
      } else if (!LANG.contains(name)) {
        importOwner(name);
      }
    }
  }

  /** The parameters of a method from the given one on. */
  public static List<Param> params(MethodTree method, int first) {
    return method.getParameters().stream().skip(first).map(ForwardingSource::param).toList();
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

  /** The one string of an annotation. */
  public static String value(AnnotationTree annotation) {
    Tree argument = annotation.getArguments().get(0);
    argument = argument instanceof AssignmentTree named ? named.getExpression() : argument;
    return (String) ((LiteralTree) argument).getValue();
  }

  /** The method without its defaulted parameters, with the first of them, and so on to all. */
  public static List<Form> forms(String name, List<Param> params, String doc) {
    List<String> declared = params.stream().map(Param::declared).toList();
    List<String> passed = params.stream().map(Param::name).toList();
    List<Form> forms = new ArrayList<>();
    for (int kept = params.size() - 1; kept >= 0 && params.get(kept).defaultValue != null; kept--) {
      forms.add(0, shorter(name, params, declared, passed, kept));
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
        " Works like {@link #"
            + name
            + "("
            + types(declared)
            + ")} with "
            + String.join(", ", said)
            + ".");
  }

  /** The types of parameters, as a link names them. */
  public static String types(List<String> declared) {
    return declared.stream()
        .map(each -> each.substring(0, each.lastIndexOf(' ')).replaceAll("<.*>", ""))
        .collect(Collectors.joining(", "));
  }

  /** Adds a method that returns what a call does. */
  public void method(String doc, String result, String name, List<String> params, Call call) {
    body.append('\n').append(javadoc(doc));
    body.append(broken("  " + modifiers + " " + result + " " + name + "(", params, ") {"));
    if (Character.isUpperCase(result.charAt(0))) {
      recorded(name, params);
    }
    String returned = result.equals("void") ? "    " : "    return ";
    body.append(broken(returned + call.name + "(", call.arguments, ");"));
    body.append("  }\n");
  }

  /** Adds what passes a call to the recorder, if there is one. */
  private void recorded(String name, List<String> params) {
    imports.put("Calls", "dev.bellows.autograd.Calls");
    String types = types(params).replace(", ", ",").replace("...", "[]");
    List<String> arguments = new ArrayList<>();
    arguments.add('"' + prefix + name + "(" + types + ")\"");
    if (prefix.isEmpty()) {
      arguments.add("self()");
    }
    params.forEach(each -> arguments.add(each.substring(each.lastIndexOf(' ') + 1)));
    body.append("    if (Calls.areRecorded()) {\n");
    body.append(broken("      return Calls.record(", arguments, ");"));
    body.append("    }\n");
  }

  /** Adds a constant with the value of another. */
  public void constant(String doc, String type, String name, String value) {
    body.append('\n').append(javadoc(doc));
    body.append("  public static final " + type + " " + name + " = " + value + ";\n");
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

  /** Breaks a text into lines of a Javadoc. */
  public static String wrapped(String text) {
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

  /**
   * Compares a generated file with its source, or writes it where {@code -Dbellows.docs.write=true}
   * is set.
   *
   * @return the file's text
   */
  public static String written(Path file, String source) throws IOException {
    if (Boolean.getBoolean("bellows.docs.write")) {
      Files.writeString(file, source);
    }
    return Files.readString(file);
  }
}
