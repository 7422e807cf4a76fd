package dev.bellows;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.ThrowTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Rules for the sources of all modules that no compiler checks. An exception is named here, and
 * must go when the source no longer needs it.
 */
class TidyTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final List<String> MODULES =
      List.of("engine", "spark-connector", "examples", "benchmarks");
  private static final int FILE_LINES = 600;
  private static final int METHOD_LINES = 60;

  /** Longer files, and why. */
  private static final Map<String, String> LONG_FILES =
      Map.of(
          "engine/dev/bellows/tensor/Tensor.java",
          "Scala finds static methods only on the class itself",
          "engine/dev/bellows/tensor/TensorMethods.java",
          "generated",
          "engine/dev/bellows/nn/Functional.java",
          "generated",
          "engine/dev/bellows/train/TrainLoopTest.java",
          "one loop, all of its settings",
          "spark-connector/dev/bellows/spark/coordinator/CoordinatorTest.java",
          "one protocol, all of its messages");

  /** Longer methods, and why. */
  private static final Map<String, String> LONG_METHODS = Map.of();

  /** Simple names of several public or package-private classes. */
  private static final Set<String> SHARED_NAMES =
      Set.of(
          // a layer and its operation, as in PyTorch
          "Conv2d",
          "Dropout",
          "Linear",
          "MaxPool2d",
          "Softmax",
          // recomputation in backward, and a file: PyTorch's words for both
          "Checkpoint",
          // a transform of images and an operation
          "Normalize",
          // the same idea in packages that do not know each other
          "Connection",
          "Elementwise",
          "Reduction",
          "Transfer",
          "Worker");

  private record Rule(Pattern pattern, String reason, Set<String> allowedIn) {
    static Rule of(String regex, String reason, String... allowedIn) {
      return new Rule(Pattern.compile(regex), reason, Set.of(allowedIn));
    }
  }

  /** Calls that main sources do not make. */
  private static final List<Rule> BANNED =
      List.of(
          Rule.of(
              "\\bSystem\\.exit\\(",
              "ends the caller's JVM",
              "spark-connector/dev/bellows/cli/Bellows.java",
              "examples/dev/bellows/examples/Launcher.java"),
          Rule.of("\\bnew Random\\(\\)|\\bMath\\.random\\(", "random numbers have a seed"),
          Rule.of("\\.parallelStream\\(|\\.parallel\\(\\)|commonPool\\(", "threads have an owner"),
          Rule.of(
              "\\.ordinal\\(\\)",
              "order of constants decides nothing",
              "engine/dev/bellows/backend/cuda/CudaDevice.java"),
          Rule.of("\\.printStackTrace\\(\\)", "errors go to the log or the caller"),
          Rule.of(
              "\\.getBytes\\(\\)",
              "names its charset",
              "spark-connector/dev/bellows/spark/Checkpoints.java"),
          Rule.of("\\.to(Lower|Upper)Case\\(\\)", "names its locale"),
          Rule.of("\\bString\\.format\\(\"", "names its locale"),
          Rule.of("\\bmessage\\(\\s*\"[^\"]*\\{\\}", "patterns of messages take %s"),
          Rule.of("\\bfinalize\\(\\)", "memory has an owner"),
          Rule.of("\\b(TODO|FIXME|XXX|HACK)\\b", "is done, or is not begun"));

  /** What a simulator runs on virtual time and seeded random numbers. */
  private static final Pattern SIMULATED =
      Pattern.compile(
          "spark-connector/dev/bellows/"
              + "(comm/.*|spark/[^/]*|spark/(checkpoint|coordinator|worker)/.*)");

  private static final Rule OWN_CLOCK =
      Rule.of(
          "\\bSystem(\\.|::)(currentTimeMillis|nanoTime)\\b|\\bInstant\\.now\\(|\\bnew Random\\("
              + "|\\bUUID\\.randomUUID\\b|\\bThreadLocalRandom\\b|\\b(Thread|TimeUnit\\.\\w+)\\.sleep\\(",
          "time and random numbers come through the constructor",
          // the system's time itself, and how often a terminal is written to
          "spark-connector/dev/bellows/spark/Time.java",
          "spark-connector/dev/bellows/spark/ProgressPrinter.java",
          // waits of callers, and the default clock of transports over sockets
          "spark-connector/dev/bellows/comm/group/PendingWork.java",
          "spark-connector/dev/bellows/comm/transport/Connection.java",
          "spark-connector/dev/bellows/comm/transport/Polling.java",
          "spark-connector/dev/bellows/comm/transport/Threads.java",
          "spark-connector/dev/bellows/comm/transport/Transport.java");

  /** Phrases of comments, messages and pages that read like a translation. */
  private static final List<Rule> ENGLISH =
      List.of(
          Rule.of("\\b(some|any|every)body('s)?\\b", "names the actor"),
          Rule.of("\\btold of\\b|\\btells of\\b", "reports, receives"),
          Rule.of(
              "\\bfor ever\\b|\\bin (its|their) stead\\b|\\bas ever\\b",
              "permanently, instead, as before"),
          Rule.of("\\bone behind the other\\b", "consecutive"),
          Rule.of("\\bst(ands?|ood) still\\b", "is paused"),
          Rule.of("\\bwhat leaves\\b", "names it"),
          Rule.of("\\b[Gg]oes on\\b", "continues, advances"),
          Rule.of("\\bof (its|their) own\\b(?! user| bytes|,)", "its own, separate"),
          Rule.of("\\bhanded out\\b", "allocated"));

  /** Sources in which the Javadoc of methods begins with a verb. */
  private static final Pattern WITH_VERBS =
      Pattern.compile(
          "(spark-connector|examples)/.*"
              + "|engine/dev/bellows/(autograd|backend|data|errors|memory|nn|ops|optim|reduction"
              + "|serialize|tensor|trace|train)/.*");

  private static final Rule NO_VERB =
      Rule.of(
          "/\\*\\*\\s+(?:\\*"
              + " )?(Whether|What|The|A|An|Of|As|With|That|Where|How|From|To|Number|Name)\\s(?:[^*]++|\\*(?!/))*+\\*/\\s*(?:@[^\\n"
              + "]*\\n"
              + "\\s*)*[^\\n"
              + "=]*\\b[a-z]\\w*\\(",
          "begins with a verb, as Returns");

  /** Packages that know each other: the core, and two whose root is the door of its rooms. */
  private static final List<Set<String>> CYCLES =
      List.of(
          Set.of("dev.bellows.tensor", "dev.bellows.ops", "dev.bellows.autograd"),
          Set.of(
              "dev.bellows.backend",
              "dev.bellows.backend.cpu",
              "dev.bellows.backend.cuda",
              "dev.bellows.backend.reference"),
          Set.of(
              "dev.bellows.spark",
              "dev.bellows.spark.checkpoint",
              "dev.bellows.spark.coordinator",
              "dev.bellows.spark.worker"));

  private record Member(String file, String name, boolean isPrivate) {}

  private static final Map<Path, String> SOURCES = new TreeMap<>();
  private static final Map<String, Integer> METHODS = new TreeMap<>();
  private static final Map<String, List<String>> TYPES = new TreeMap<>();
  private static final List<Member> HIDDEN_MEMBERS = new ArrayList<>();
  private static final List<String> ADDED_MESSAGES = new ArrayList<>();

  @BeforeAll
  static void read() throws IOException {
    for (String module : MODULES) {
      for (String part : List.of("main", "test")) {
        Path folder = ROOT.resolve(module).resolve("src").resolve(part);
        if (Files.isDirectory(folder)) {
          try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
              SOURCES.put(file, Files.readString(file));
            }
          }
        }
      }
    }
    parse(SOURCES.keySet().stream().filter(TidyTest::isMain).toList());
  }

  private static boolean isMain(Path file) {
    return file.toString().contains("/src/main/");
  }

  private static String name(Path file) {
    return ROOT.relativize(file).toString().replaceFirst("src/(main|test)/java/", "");
  }

  private static void parse(List<Path> files) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, manager, d -> {}, null, null, manager.getJavaFileObjectsFromPaths(files));
      SourcePositions positions = Trees.instance(task).getSourcePositions();
      for (CompilationUnitTree unit : task.parse()) {
        new Members(positions, unit).scan(unit, null);
      }
    }
  }

  /** Notes the types, the lengths of methods, added messages and members that are not public. */
  private static final class Members extends TreePathScanner<Void, Void> {
    private final SourcePositions positions;
    private final CompilationUnitTree unit;
    private final String file;

    Members(SourcePositions positions, CompilationUnitTree unit) {
      this.positions = positions;
      this.unit = unit;
      this.file = name(Path.of(unit.getSourceFile().toUri()));
    }

    @Override
    public Void visitClass(ClassTree type, Void nothing) {
      if (getCurrentPath().getParentPath().getLeaf() instanceof CompilationUnitTree) {
        String name = type.getSimpleName().toString();
        TYPES.computeIfAbsent(name, n -> new ArrayList<>()).add(file);
        note(type.getModifiers(), name);
      }
      return super.visitClass(type, nothing);
    }

    @Override
    public Void visitMethod(MethodTree method, Void nothing) {
      LineMap lines = unit.getLineMap();
      if (method.getBody() != null && positions.getEndPosition(unit, method) > 0) {
        long first = lines.getLineNumber(positions.getStartPosition(unit, method));
        long last = lines.getLineNumber(positions.getEndPosition(unit, method));
        METHODS.merge(file + "#" + method.getName(), (int) (last - first + 1), Math::max);
      }
      boolean overrides =
          method.getModifiers().getAnnotations().stream()
              .anyMatch(a -> a.getAnnotationType().toString().equals("Override"));
      if (!overrides && method.getReturnType() != null) {
        note(method.getModifiers(), method.getName().toString());
      }
      return super.visitMethod(method, nothing);
    }

    @Override
    public Void visitVariable(VariableTree variable, Void nothing) {
      if (getCurrentPath().getParentPath().getLeaf() instanceof ClassTree) {
        note(variable.getModifiers(), variable.getName().toString());
      }
      return super.visitVariable(variable, nothing);
    }

    @Override
    public Void visitThrow(ThrowTree statement, Void nothing) {
      new TreeScanner<Void, Void>() {
        @Override
        public Void visitBinary(BinaryTree sum, Void none) {
          List<ExpressionTree> terms = terms(sum, new ArrayList<>());
          long values = terms.stream().filter(t -> !(t instanceof LiteralTree)).count();
          LineMap lines = unit.getLineMap();
          long first = lines.getLineNumber(positions.getStartPosition(unit, sum));
          if (values > 1
              && values < terms.size()
              && terms.stream().noneMatch(t -> t instanceof ParenthesizedTree)
              && lines.getLineNumber(positions.getEndPosition(unit, sum)) > first) {
            ADDED_MESSAGES.add(file + ":" + first);
          }
          return null;
        }
      }.scan(statement, null);
      return super.visitThrow(statement, nothing);
    }

    private static List<ExpressionTree> terms(ExpressionTree sum, List<ExpressionTree> terms) {
      if (sum instanceof BinaryTree pair && pair.getKind() == Tree.Kind.PLUS) {
        terms(pair.getLeftOperand(), terms);
        terms(pair.getRightOperand(), terms);
      } else {
        terms.add(sum);
      }
      return terms;
    }

    private void note(ModifiersTree modifiers, String name) {
      Set<Modifier> flags = modifiers.getFlags();
      if (!flags.contains(Modifier.PUBLIC) && !flags.contains(Modifier.PROTECTED)) {
        // the accessor of a record's component has its name
        boolean isComponent =
            getCurrentPath().getParentPath().getLeaf().getKind() == Tree.Kind.RECORD
                && getCurrentPath().getLeaf() instanceof VariableTree;
        HIDDEN_MEMBERS.add(
            new Member(file, name, flags.contains(Modifier.PRIVATE) && !isComponent));
      }
    }
  }

  private static void report(String rule, List<String> found) {
    assertThat(found).as(rule).isEmpty();
  }

  @Test
  void linesOfEachModule() {
    Map<String, int[]> lines = new TreeMap<>();
    SOURCES.forEach(
        (file, text) ->
            lines
                    .computeIfAbsent(ROOT.relativize(file).getName(0).toString(), m -> new int[2])[
                    isMain(file) ? 0 : 1] +=
                (int) text.lines().count());
    lines.forEach(
        (module, count) ->
            System.out.printf("lines of %s: main %d, test %d%n", module, count[0], count[1]));
    assertThat(lines.keySet()).containsAll(MODULES);
  }

  @Test
  void filesAreShort() {
    List<String> found = new ArrayList<>();
    Set<String> unused = new TreeSet<>(LONG_FILES.keySet());
    SOURCES.forEach(
        (file, text) -> {
          long lines = text.lines().count();
          if (lines > FILE_LINES && !unused.remove(name(file))) {
            found.add(name(file) + ": " + lines + " lines");
          }
        });
    unused.forEach(file -> found.add(file + ": is short by now; remove the exception"));
    report("files of at most " + FILE_LINES + " lines; divide the class", found);
  }

  @Test
  void methodsAreShort() {
    List<String> found = new ArrayList<>();
    Set<String> unused = new TreeSet<>(LONG_METHODS.keySet());
    METHODS.forEach(
        (method, lines) -> {
          if (lines > METHOD_LINES && !unused.remove(method)) {
            found.add(method + ": " + lines + " lines");
          }
        });
    unused.forEach(method -> found.add(method + ": is short by now; remove the exception"));
    report("methods of at most " + METHOD_LINES + " lines", found);
  }

  private static List<String> hits(List<Rule> rules, Map<String, String> texts) {
    List<String> found = new ArrayList<>();
    for (Rule rule : rules) {
      texts.forEach(
          (file, text) -> {
            Matcher matcher = rule.pattern().matcher(text);
            while (!rule.allowedIn().contains(file) && matcher.find()) {
              long line = text.substring(0, matcher.start()).lines().count();
              found.add(file + ":" + line + ": \"" + matcher.group() + "\": " + rule.reason());
            }
          });
    }
    return found;
  }

  private static Map<String, String> mainSources() {
    return SOURCES.entrySet().stream()
        .filter(e -> isMain(e.getKey()))
        .collect(Collectors.toMap(e -> name(e.getKey()), Map.Entry::getValue));
  }

  @Test
  void callsThatAreBanned() {
    report("no banned calls", hits(BANNED, mainSources()));
  }

  @Test
  void whatIsSimulatedHasNoClockOfItsOwn() {
    Map<String, String> simulated = mainSources();
    simulated.keySet().removeIf(file -> !SIMULATED.matcher(file).matches());
    report("no system clock, no unseeded random numbers", hits(List.of(OWN_CLOCK), simulated));
  }

  @Test
  void messagesArePatterns() {
    report("messages of several values use Messages.message", ADDED_MESSAGES);
  }

  @Test
  void testsDoNotSleep() {
    Map<String, String> tests = new TreeMap<>();
    SOURCES.forEach(
        (file, text) -> {
          if (!isMain(file) && !name(file).endsWith("/TidyTest.java")) {
            tests.put(name(file), text);
          }
        });
    report(
        "tests wait for a condition",
        hits(
            List.of(
                Rule.of(
                    "\\bThread\\.sleep\\(",
                    "waits for a condition",
                    "spark-connector/dev/bellows/comm/group/NettyFaultTest.java",
                    "spark-connector/dev/bellows/spark/TinyJob.java",
                    "spark-connector/dev/bellows/spark/worker/WorkerTest.java")),
            tests));
  }

  @Test
  void englishIsPlain() throws IOException {
    Map<String, String> texts = mainSources();
    try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      for (Path page : docs.filter(f -> f.toString().endsWith(".md")).toList()) {
        texts.put(ROOT.relativize(page).toString(), Files.readString(page));
      }
    }
    texts.put("README.md", Files.readString(ROOT.resolve("README.md")));
    texts.put("CONTRIBUTING.md", Files.readString(ROOT.resolve("CONTRIBUTING.md")));
    report("plain technical English", hits(ENGLISH, texts));
  }

  @Test
  void javadocOfMethodsBeginsWithAVerb() {
    Map<String, String> sources = mainSources();
    sources.keySet().removeIf(file -> !WITH_VERBS.matcher(file).matches());
    report("Javadoc with a verb", hits(List.of(NO_VERB), sources));
  }

  @Test
  void aNameStandsForOneClass() {
    List<String> found = new ArrayList<>();
    Set<String> unused = new TreeSet<>(SHARED_NAMES);
    TYPES.forEach(
        (name, files) -> {
          if (files.size() > 1 && !unused.remove(name)) {
            found.add(name + ": " + files);
          }
        });
    unused.forEach(name -> found.add(name + ": stands for one class by now"));
    report("one class for each simple name", found);
  }

  @Test
  void packagesSayWhatTheyAre() {
    List<String> found =
        SOURCES.keySet().stream()
            .filter(TidyTest::isMain)
            .map(Path::getParent)
            .distinct()
            .filter(folder -> !Files.exists(folder.resolve("package-info.java")))
            .map(folder -> name(folder))
            .toList();
    report("each package has a package-info.java", found);
  }

  @Test
  void theLayoutNamesAllPackages() throws IOException {
    String page = Files.readString(ROOT.resolve("docs/layout.md"));
    Set<String> named = new TreeSet<>();
    Pattern.compile("^\\| `(dev\\.bellows[\\w.]*)` \\|", Pattern.MULTILINE)
        .matcher(page)
        .results()
        .forEach(m -> named.add(m.group(1)));
    Set<String> packages =
        SOURCES.keySet().stream()
            .filter(TidyTest::isMain)
            .map(file -> name(file.getParent()).replaceFirst("^[^/]*/", "").replace('/', '.'))
            .filter(name -> !name.startsWith("dev.bellows.benchmarks."))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(named).as("docs/layout.md").isEqualTo(packages);
  }

  /** The import graph, printed: which package imports how many classes of which. */
  @Test
  void importsFlowOneWay() {
    Map<String, Map<String, Set<String>>> imports = imports();
    imports.forEach(
        (from, targets) ->
            targets.forEach(
                (to, classes) ->
                    System.out.printf("imports: %s -> %s %d%n", from, to, classes.size())));
    List<String> found = new ArrayList<>();
    for (String from : imports.keySet()) {
      for (String to : imports.get(from).keySet()) {
        boolean declared =
            CYCLES.stream().anyMatch(cycle -> cycle.contains(from) && cycle.contains(to));
        if (!declared && reaches(imports, to, from, new TreeSet<>())) {
          found.add(from + " -> " + to);
        }
      }
    }
    report("no cycle of packages but those declared", found);
  }

  /** For each package, the packages and classes of the product that it imports. */
  private static Map<String, Map<String, Set<String>>> imports() {
    Pattern line =
        Pattern.compile(
            "^import (?:static )?(dev\\.bellows(?:\\.[a-z]\\w*)+)\\.([A-Z]\\w*)",
            Pattern.MULTILINE);
    Map<String, Map<String, Set<String>>> imports = new TreeMap<>();
    SOURCES.forEach(
        (file, text) -> {
          String from = name(file.getParent()).replaceFirst("^[^/]*/", "").replace('/', '.');
          if (isMain(file)) {
            line.matcher(text)
                .results()
                .filter(m -> !m.group(1).equals(from) && !m.group(1).contains(".proto."))
                .forEach(
                    m ->
                        imports
                            .computeIfAbsent(from, k -> new TreeMap<>())
                            .computeIfAbsent(m.group(1), k -> new TreeSet<>())
                            .add(m.group(2)));
          }
        });
    return imports;
  }

  private static boolean reaches(
      Map<String, Map<String, Set<String>>> imports, String from, String to, Set<String> seen) {
    if (from.equals(to)) {
      return true;
    }
    return seen.add(from)
        && imports.getOrDefault(from, Map.of()).keySet().stream()
            .anyMatch(next -> reaches(imports, next, to, seen));
  }

  /**
   * A name that occurs nowhere but in its declaration, or, if private, nowhere else in its file;
   * what reflection finds is not private.
   */
  @Test
  void nothingIsUnused() {
    Map<String, Integer> uses = new HashMap<>();
    Map<String, Map<String, Integer>> usesInFile = new HashMap<>();
    Pattern word = Pattern.compile("\\b\\w+\\b");
    SOURCES.forEach(
        (file, text) -> {
          Map<String, Integer> here = new HashMap<>();
          word.matcher(text).results().forEach(m -> here.merge(m.group(), 1, Integer::sum));
          here.forEach((name, count) -> uses.merge(name, count, Integer::sum));
          usesInFile.put(name(file), here);
        });
    Set<String> serial =
        Set.of("serialVersionUID", "readResolve", "writeReplace", "readObject", "writeObject");
    List<String> found =
        HIDDEN_MEMBERS.stream()
            .filter(
                m ->
                    (m.isPrivate() ? usesInFile.get(m.file()) : uses).get(m.name()) == 1
                        && !serial.contains(m.name()))
            .map(m -> m.file() + ": " + m.name())
            .toList();
    report("members that are not public are used", found);
  }
}
