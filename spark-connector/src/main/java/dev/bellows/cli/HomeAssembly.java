package dev.bellows.cli;

import static dev.bellows.errors.Messages.message;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Assembles a Spark installation from Maven Central and a template: {@code pom.xml} names the jars,
 * {@code bin} and {@code conf} are copied.
 *
 * <p>It is assembled in a temporary sibling directory and renamed when complete. Its file {@code
 * .bellows-home} contains the digest of the template, then size and name of each file; an
 * installation that does not match is assembled again.
 */
final class HomeAssembly {
  static final String ABSENT = "none there yet";

  private static final String TEMPORARY = ".spark-home-";
  private static final String MANIFEST = ".bellows-home";
  private static final Duration LIMIT = Duration.ofMinutes(30);
  private static final Pattern SPARK_VERSION =
      Pattern.compile("<spark\\.version>([^<]+)</spark\\.version>");

  private final Path template;
  private final Path parent;
  private final Consumer<String> progress;
  private final Path directory;

  /**
   * Creates an assembly of {@code template} into {@code directory}; {@code progress} receives
   * messages about long operations.
   */
  HomeAssembly(Path template, Path directory, Consumer<String> progress) {
    this.template = template;
    this.progress = progress;
    this.directory = directory.toAbsolutePath();
    this.parent = this.directory.getParent();
  }

  Path directory() {
    return directory;
  }

  /** Returns the Spark version that a pom sets. */
  static String version(Path pom) {
    try {
      Matcher matcher = SPARK_VERSION.matcher(Files.readString(pom));
      if (!matcher.find()) {
        throw new CliException("spark home: " + pom + " must set spark.version; it does not");
      }
      return matcher.group(1);
    } catch (IOException e) {
      throw new CliException(message("spark home: cannot read %s: %s", pom, e), e);
    }
  }

  /** Returns why the installation is not usable, or empty if it is. */
  String problem() {
    Path manifest = directory.resolve(MANIFEST);
    if (!Files.exists(directory)) {
      return ABSENT;
    }
    try {
      if (!Files.exists(manifest)) {
        return "the one there has no manifest";
      }
      List<String> lines = Files.readAllLines(manifest);
      if (lines.isEmpty() || !lines.get(0).equals(templateDigest())) {
        return "its template changed";
      }
      for (String line : lines.subList(1, lines.size())) {
        String[] word = line.split(" ", 2);
        Path file = directory.resolve(word[1]);
        if (!Files.exists(file) || Files.size(file) != Long.parseLong(word[0])) {
          return word[1] + " is missing or changed";
        }
      }
      return "";
    } catch (IOException | RuntimeException e) {
      return "its manifest cannot be read";
    }
  }

  /**
   * Assembles the installation, unless another process did so while this one waited for the lock.
   */
  void assemble() {
    progress.accept("assembling a Spark home (once; about 280 MB, from Maven Central)…");
    try {
      Files.createDirectories(parent);
      Path lockFile = parent.resolve(".spark-home.lock");
      try (FileChannel channel =
              FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = lock(channel, lockFile)) {
        assert lock.isValid();
        if (!problem().isEmpty()) {
          assembleLocked();
        }
      }
    } catch (IOException e) {
      throw new CliException(message("spark home: cannot assemble %s: %s", directory, e), e);
    }
  }

  private FileLock lock(FileChannel channel, Path file) throws IOException {
    FileLock[] lock = new FileLock[1];
    IOException[] failure = new IOException[1];
    boolean held =
        Waiting.until(
            LIMIT,
            "another process that assembles it, and holds " + file,
            progress,
            () -> {
              try {
                lock[0] = channel.tryLock();
              } catch (IOException e) {
                failure[0] = e;
              }
              return lock[0] != null || failure[0] != null;
            });
    if (failure[0] != null) {
      throw failure[0];
    }
    if (!held) {
      throw new CliException(
          message(
              "spark home: waited %s min for the process that holds %s", LIMIT.toMinutes(), file));
    }
    return lock[0];
  }

  private void assembleLocked() throws IOException {
    removeLeftovers();
    // Not createTempDirectory, which creates a private directory: other users may share an
    // installation.
    Path next = parent.resolve(TEMPORARY + ProcessHandle.current().pid());
    Files.createDirectory(next);
    try {
      copyTemplate(next);
      collectJars(next.resolve("jars"));
      Files.write(next.resolve(MANIFEST), manifest(next));
      if (Files.exists(directory)) {
        Files.move(directory, parent.resolve(TEMPORARY + "old-" + ProcessHandle.current().pid()));
      }
      Files.move(next, directory);
    } finally {
      try {
        removeLeftovers();
      } catch (IOException e) {
        progress.accept("spark home: cannot remove temporary files, the next assembly will: " + e);
      }
    }
  }

  /** Removes leftovers of earlier assemblies. The lock is held, so none is in progress. */
  private void removeLeftovers() throws IOException {
    try (Stream<Path> all = Files.list(parent)) {
      for (Path path : all.toList()) {
        if (path.getFileName().toString().startsWith(TEMPORARY) && Files.isDirectory(path)) {
          FileTrees.delete(path);
        }
      }
    }
  }

  private void copyTemplate(Path to) throws IOException {
    for (Path file : FileTrees.files(template)) {
      String name = template.relativize(file).toString();
      if (name.startsWith("bin/") || name.startsWith("conf/")) {
        Path copy = to.resolve(name);
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
        if (name.startsWith("bin/") && !copy.toFile().setExecutable(true)) {
          throw new IOException("cannot make " + copy + " executable");
        }
      }
    }
  }

  private void collectJars(Path jars) throws IOException {
    Path log = parent.resolve("spark-home.log");
    List<String> command =
        List.of(
            Commands.find(
                "mvn",
                "spark home: assembling one needs Maven 3.8.1 or newer",
                "set SPARK_HOME to a Spark 4.x installation"),
            "-q",
            "-B",
            "-Dstyle.color=never",
            "-f",
            template.resolve("pom.xml").toAbsolutePath().toString(),
            "-Djars.directory=" + jars.toAbsolutePath(),
            "package");
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder
        .directory(parent.toFile())
        .redirectInput(Commands.NO_INPUT)
        .redirectOutput(log.toFile());
    try (ChildProcess maven = ChildProcess.start("mvn", builder, log)) {
      int code =
          maven
              .await(LIMIT)
              .orElseThrow(
                  () ->
                      new CliException(
                          message(
                              "spark home: mvn must end within %s min; it did not",
                              LIMIT.toMinutes()),
                          log));
      if (code != 0) {
        String cause = LogFiles.firstStarting(log, "[ERROR]").orElse("");
        String what = "spark home: mvn must collect Spark's jars; it failed (exit code ";
        throw new CliException((what + code + ") " + cause).strip(), log);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CliException.interrupted("spark home", e);
    }
    if (!Files.isDirectory(jars)) {
      throw new CliException("spark home: mvn must fill " + jars + "; it did not", log);
    }
  }

  private List<String> manifest(Path home) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(templateDigest());
    for (Path file : FileTrees.files(home)) {
      lines.add(Files.size(file) + " " + home.relativize(file));
    }
    return lines;
  }

  private String templateDigest() throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Path file : FileTrees.files(template)) {
        digest.update(template.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        digest.update(Files.readAllBytes(file));
      }
      return "template " + HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
