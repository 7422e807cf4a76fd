package dev.bellows.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each block of Java in the README and in docs is a complete file, and the blocks of a page compile
 * together, with the compiler's warnings as errors; a block that names a file is a quote of it.
 */
class DocumentedCodeTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)\n```", Pattern.DOTALL);
  private static final Pattern TYPE =
      Pattern.compile(
          "^(?:public )?(?:final |abstract )*(?:class|record|interface|enum) (\\w+)",
          Pattern.MULTILINE);

  private static final Pattern QUOTE =
      Pattern.compile("```java of (\\S+)\n(.*?)\n```", Pattern.DOTALL);

  @TempDir private Path classes;

  /** One page and its blocks. */
  record Page(String name, List<String> blocks) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static List<Path> files() throws IOException {
    List<Path> files =
        new ArrayList<>(List.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md")));
    try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      docs.filter(file -> file.toString().endsWith(".md")).sorted().forEach(files::add);
    }
    return files;
  }

  static List<Page> pages() throws IOException {
    List<Page> pages = new ArrayList<>();
    for (Path file : files()) {
      List<String> blocks = new ArrayList<>();
      Matcher matcher = BLOCK.matcher(Files.readString(file));
      while (matcher.find()) {
        blocks.add(matcher.group(1));
      }
      if (!blocks.isEmpty()) {
        pages.add(new Page(ROOT.relativize(file).toString(), blocks));
      }
    }
    assertThat(pages).isNotEmpty();
    return pages;
  }

  @ParameterizedTest
  @MethodSource("pages")
  void compiles(Page page) {
    List<JavaFileObject> sources = page.blocks().stream().map(DocumentedCodeTest::source).toList();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    List<String> options =
        List.of(
            "-Xlint:all,-classfile,-path,-processing,-try",
            "-Werror",
            "-proc:none",
            "-d",
            classes.toString(),
            "-classpath",
            System.getProperty("java.class.path"));
    boolean compiled = compiler.getTask(messages, null, null, options, null, sources).call();
    assertThat(compiled).as(page + ": %s", messages).isTrue();
  }

  @Test
  void quotesAreOfTheSources() throws IOException {
    int quotes = 0;
    for (Path file : files()) {
      Matcher matcher = QUOTE.matcher(Files.readString(file));
      while (matcher.find()) {
        assertThat(Files.readString(ROOT.resolve(matcher.group(1))))
            .as("%s quotes %s", ROOT.relativize(file), matcher.group(1))
            .contains(matcher.group(2));
        quotes++;
      }
    }
    assertThat(quotes).isPositive();
  }

  private static JavaFileObject source(String text) {
    Matcher type = TYPE.matcher(text);
    assertThat(type.find()).as("a block of Java declares a type: %s", text).isTrue();
    URI uri = URI.create("string:///" + type.group(1) + ".java");
    return new SimpleJavaFileObject(uri, JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return text;
      }
    };
  }
}
