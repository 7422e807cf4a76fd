package dev.bellows.spark.checkpoint;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.bellows.spark.data.StorageFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options.CreateFileOptionKeys;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * Reads and writes the lease files of a directory.
 *
 * <pre>
 * lease-000003.json   the owner of term 3: created exclusively, never changed
 * lease-000003.beat   rewritten by that owner while it lives
 * </pre>
 *
 * <p>The owner of the highest term holds the directory. A successor creates the next term's file
 * exclusively and never changes its predecessor's files, so that a slow process cannot lose its
 * lease between two checks.
 */
final class LeaseFiles {
  private static final ObjectMapper JSON =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
  private static final Pattern NAME = Pattern.compile("lease-(\\d{6,18})\\.(json|beat)");

  private final FileSystem fs;
  private final Path directory;

  /**
   * Holds what the owner of a lease reports periodically.
   *
   * @param count number of reports
   * @param newest its newest checkpoint; null: none
   * @param released whether it has ended
   */
  record Beat(long count, String newest, boolean released) {
    static final Beat NONE = new Beat(0, null, false);
  }

  LeaseFiles(FileSystem fs, Path directory) {
    this.fs = fs;
    this.directory = directory;
  }

  private Path file(long term, String kind) {
    return new Path(directory, String.format(Locale.ROOT, "lease-%06d.%s", term, kind));
  }

  /** Returns the highest term that has an owner; 0: none, or no such directory. */
  long highest() throws IOException {
    long highest = 0;
    for (FileStatus entry : entries()) {
      Matcher name = NAME.matcher(entry.getPath().getName());
      if (name.matches() && name.group(2).equals("json")) {
        highest = Math.max(highest, Long.parseLong(name.group(1)));
      }
    }
    return highest;
  }

  private FileStatus[] entries() throws IOException {
    try {
      return fs.listStatus(directory);
    } catch (FileNotFoundException e) {
      return new FileStatus[0];
    } catch (FSError e) {
      throw new IOException(e);
    }
  }

  /** Returns the owner of a term; null: the file is missing or not yet complete. */
  LeaseOwner owner(long term) throws IOException {
    byte[] text = read(file(term, "json"));
    try {
      return text == null ? null : JSON.readValue(text, LeaseOwner.class);
    } catch (IOException e) {
      return null;
    }
  }

  /** Returns the bytes of a term's beat; only changes of them matter. */
  byte[] rawBeat(long term) throws IOException {
    return read(file(term, "beat"));
  }

  /** Returns the beat of a term; {@link Beat#NONE} while it is being written. */
  Beat beat(long term) throws IOException {
    byte[] text = rawBeat(term);
    try {
      return text == null ? Beat.NONE : JSON.readValue(text, Beat.class);
    } catch (IOException e) {
      return Beat.NONE;
    }
  }

  private byte[] read(Path file) throws IOException {
    try {
      return StorageFiles.readBytes(fs, file);
    } catch (FileNotFoundException e) {
      return null;
    } catch (RuntimeException | FSError e) {
      throw new IOException(e);
    }
  }

  /** Makes an owner that of a term. False: the term has one already. */
  boolean claim(long term, LeaseOwner owner) throws IOException {
    Path file = file(term, "json");
    byte[] content = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(owner);
    try {
      create(file, content);
      return owner.equals(owner(term));
    } catch (IOException | RuntimeException | FSError e) {
      LeaseOwner there = owner(term);
      if (there == null && !fs.exists(file)) {
        throw e instanceof IOException io ? io : new IOException(e);
      }
      return owner.equals(there);
    }
  }

  /** Fails if the file is there, in one step with making it. */
  private void create(Path file, byte[] content) throws IOException {
    if (fs instanceof RawLocalFileSystem local) {
      fs.mkdirs(directory);
      try {
        Files.write(
            local.pathToFile(file).toPath(),
            content,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE,
            StandardOpenOption.SYNC);
      } catch (FileAlreadyExistsException e) {
        throw new IOException(e);
      }
      return;
    }
    try (FSDataOutputStream out = createNew(file)) {
      out.write(content);
    }
  }

  private FSDataOutputStream createNew(Path file) throws IOException {
    if (StorageFiles.hasAtomicRename(fs)) {
      return fs.create(file, false);
    }
    // Object stores decide when the file is closed, and only if asked to.
    FSDataOutputStreamBuilder<?, ?> builder = fs.createFile(file);
    builder.recursive().overwrite(false);
    builder.opt(CreateFileOptionKeys.FS_OPTION_CREATE_CONDITIONAL_OVERWRITE, true);
    return builder.build();
  }

  void writeBeat(long term, Beat beat) throws IOException {
    try (FSDataOutputStream out = fs.create(file(term, "beat"), true)) {
      out.write(JSON.writeValueAsBytes(beat));
    } catch (RuntimeException | FSError e) {
      throw new IOException(e);
    }
  }

  /** Gives up a term that was claimed too late. */
  void withdraw(long term) throws IOException {
    fs.delete(file(term, "json"), false);
  }

  /** Removes what terms before this one left. */
  void removeBefore(long term) throws IOException {
    for (FileStatus entry : entries()) {
      Matcher name = NAME.matcher(entry.getPath().getName());
      if (name.matches() && Long.parseLong(name.group(1)) < term) {
        fs.delete(entry.getPath(), false);
      }
    }
  }
}
