package dev.bellows.serialize;

import static dev.bellows.errors.Messages.message;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Resolves local files given by path or by {@code file:} URI, the form that jobs and other tools
 * use.
 */
final class LocalPath {
  /** Matches schemes of two letters or more: a single letter is a drive. */
  private static final Pattern URI_TEXT = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+):(/.*)");

  private LocalPath() {}

  /**
   * Returns the path that a text denotes. Special characters of a URI may be escaped or not.
   *
   * @throws IllegalArgumentException if it is a URI of another file system
   */
  static Path of(String operation, String text) {
    Matcher uri = URI_TEXT.matcher(text);
    if (!uri.matches() || Files.exists(Path.of(text))) {
      return Path.of(text);
    }
    if (!uri.group(1).equalsIgnoreCase("file")) {
      throw new IllegalArgumentException(
          message(
              "%s: must be a path or a file: URI; got %s. Copy the file here first, or open it and"
                  + " call SafeTensors.read",
              operation, text));
    }
    String plain = uri.group(2).replaceFirst("^//[^/]*(?=/)", "");
    Path written = Path.of(plain);
    return Files.exists(written) ? written : unescaped(plain);
  }

  /** Returns the same for a path that was made from the text of a URI. */
  static Path of(String operation, Path path) {
    boolean text = path.getFileSystem() == FileSystems.getDefault() && !path.isAbsolute();
    return text ? of(operation, path.toString()) : path;
  }

  private static Path unescaped(String plain) {
    try {
      return Path.of(new URI("file:" + plain).getPath());
    } catch (URISyntaxException e) {
      return Path.of(plain); // the text was not escaped
    }
  }
}
