package dev.bellows.data;

import static dev.bellows.errors.Messages.message;

import dev.bellows.data.ImageFolder.Sample;
import dev.bellows.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Images in a folder with one subfolder for each class. Classes are numbered in the order of the
 * subfolders' names; images come by class and path. Source: torchvision's {@code ImageFolder}.
 */
public final class ImageFolder implements Dataset<Sample> {
  private final List<String> classes = new ArrayList<>();
  private final List<Path> files = new ArrayList<>();
  private final List<Long> labels = new ArrayList<>();

  /**
   * An image and its class.
   *
   * @param image UINT8 [3, h, w]
   * @param label the number of the class
   */
  public record Sample(Tensor image, long label) {}

  /**
   * Lists a folder.
   *
   * @throws IOException if it cannot be listed, naming the file at which that failed
   * @throws IllegalArgumentException if there are no subfolders, or one has no images
   */
  public ImageFolder(Path folder) throws IOException {
    for (Path directory : sorted(folder, 1)) {
      if (Files.isDirectory(directory)) {
        list(directory);
      }
    }
    if (classes.isEmpty()) {
      throw new IllegalArgumentException(
          message("ImageFolder: couldn't find any class folder in %s", folder));
    }
  }

  private void list(Path directory) throws IOException {
    int before = files.size();
    for (Path file : sorted(directory, Integer.MAX_VALUE)) {
      if (Files.isRegularFile(file) && ImageFiles.isImage(file)) {
        files.add(file);
        labels.add((long) classes.size());
      }
    }
    if (files.size() == before) {
      throw new IllegalArgumentException(
          message("ImageFolder: found no image for the class %s", directory));
    }
    classes.add(directory.getFileName().toString());
  }

  /** Returns what a folder has, down to a depth, in the order of paths. */
  private static List<Path> sorted(Path folder, int depth) throws IOException {
    try (Stream<Path> paths = Files.walk(folder, depth, FileVisitOption.FOLLOW_LINKS)) {
      return paths
          .filter(path -> !path.equals(folder))
          .sorted((a, b) -> a.toString().compareTo(b.toString()))
          .toList();
    } catch (UncheckedIOException e) { // of a folder inside
      throw unlisted(folder, e.getCause());
    } catch (IOException e) {
      throw unlisted(folder, e);
    }
  }

  private static IOException unlisted(Path folder, IOException thrown) {
    return new IOException(message("ImageFolder: cannot list %s: %s", folder, thrown), thrown);
  }

  /** Returns the names of the classes, in order. */
  public List<String> classes() {
    return List.copyOf(classes);
  }

  /** Returns the file of a sample. */
  public Path file(long index) {
    return files.get((int) Indices.index("ImageFolder", size(), index));
  }

  @Override
  public long size() {
    return files.size();
  }

  /**
   * Reads an image.
   *
   * @throws UncheckedIOException if the file is no image that can be read, naming the file
   */
  @Override
  public Sample get(long index) {
    try {
      return new Sample(ImageFiles.readColours(file(index)), labels.get((int) index));
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }
}
