package dev.bellows.spark.checkpoint;

import static dev.bellows.errors.Messages.message;

import dev.bellows.serialize.SafeTensors;
import dev.bellows.spark.data.StorageFiles;
import dev.bellows.tensor.Tensor;
import java.io.BufferedOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Writes, reads and compares the part files of checkpoints. */
final class PartFiles {
  private static final int BUFFER_BYTES = 1 << 20;

  private final FileSystem fs;

  PartFiles(FileSystem fs) {
    this.fs = fs;
  }

  static String name(int part, int parts) {
    return String.format(Locale.ROOT, "part-%05d-of-%05d.safetensors", part, parts);
  }

  PartInfo write(Path attempt, int part, int parts, Map<String, Tensor> tensors) {
    if (part < 0 || part >= parts) {
      throw new CheckpointException(
          message("checkpoint: part must be in 0..%s; got %s", parts - 1, part));
    }
    Path file = new Path(attempt, name(part, parts));
    try (FSDataOutputStream raw = fs.create(file, true);
        StorageFiles.Summing sum = new StorageFiles.Summing(raw);
        BufferedOutputStream out = new BufferedOutputStream(sum, BUFFER_BYTES)) {
      SafeTensors.write(tensors, Map.of("format", "bellows-checkpoint"), out);
      out.flush();
      StorageFiles.sync(raw);
      return new PartInfo(file.getName(), sum.bytes(), sum.crc32c(), tensors.size());
    } catch (IOException | RuntimeException | FSError e) {
      StorageFiles.deleteAfter(e, fs, file);
      throw CheckpointException.because("part must be written; " + file, e);
    }
  }

  /** Reads the tensors of a part file and verifies its checksum. */
  Map<String, Tensor> read(Path attempt, PartInfo info) {
    Path file = new Path(attempt, info.name());
    Optional<String> length = lengthProblem(attempt, info);
    if (length.isPresent()) {
      throw damaged(file, length.get(), null);
    }
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    CRC32C crc = new CRC32C();
    try (InputStream in = new CheckedInputStream(fs.open(file, BUFFER_BYTES), crc)) {
      Throwable unreadable = null;
      try {
        tensors.putAll(SafeTensors.read(in, info.bytes()).tensors());
      } catch (IOException | RuntimeException | FSError e) {
        unreadable = e;
      }
      drain(in);
      if (!StorageFiles.hex(crc).equals(info.crc32c())) {
        throw damaged(file, crcProblem(info, crc), unreadable);
      } else if (unreadable != null) {
        throw damaged(file, StorageFiles.reason(unreadable), unreadable);
      }
      return tensors;
    } catch (IOException | FSError e) {
      tensors.values().forEach(Tensor::close);
      throw damaged(file, StorageFiles.reason(e), e);
    } catch (CheckpointException e) {
      tensors.values().forEach(Tensor::close);
      throw e;
    }
  }

  private static CheckpointException damaged(Path file, String problem, Throwable cause) {
    return new CheckpointException(
        message("checkpoint: part must be as it was written; %s: %s", file, problem), cause);
  }

  /** Names, types and shapes of what a part file holds. */
  SafeTensors.Header header(Path attempt, PartInfo info) {
    Path file = new Path(attempt, info.name());
    try (InputStream in = fs.open(file, BUFFER_BYTES)) {
      return SafeTensors.readHeader(in, info.bytes());
    } catch (IOException | RuntimeException | FSError e) {
      throw damaged(file, StorageFiles.reason(e), e);
    }
  }

  /** Reads a part file and compares length and checksum. */
  FileCheck verify(Path attempt, PartInfo info) {
    Optional<String> length = lengthProblem(attempt, info);
    if (length.isPresent()) {
      return new FileCheck(info.name(), info.bytes(), length.get());
    }
    CRC32C crc = new CRC32C();
    try (InputStream in =
        new CheckedInputStream(fs.open(new Path(attempt, info.name()), BUFFER_BYTES), crc)) {
      drain(in);
    } catch (IOException | RuntimeException | FSError e) {
      return new FileCheck(info.name(), info.bytes(), StorageFiles.reason(e));
    }
    boolean same = StorageFiles.hex(crc).equals(info.crc32c());
    return new FileCheck(info.name(), info.bytes(), same ? null : crcProblem(info, crc));
  }

  private static String crcProblem(PartInfo info, CRC32C crc) {
    return "crc32c is " + StorageFiles.hex(crc) + ", the manifest says " + info.crc32c();
  }

  private static void drain(InputStream in) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    int read = 0;
    while (read >= 0) {
      read = in.read(buffer);
    }
  }

  /** Returns what is wrong with a part's length, if anything. */
  Optional<String> lengthProblem(Path attempt, PartInfo info) {
    try {
      long length = fs.getFileStatus(new Path(attempt, info.name())).getLen();
      return length == info.bytes()
          ? Optional.empty()
          : Optional.of("has " + length + " bytes, the manifest says " + info.bytes());
    } catch (FileNotFoundException e) {
      return Optional.of("does not exist");
    } catch (IOException | RuntimeException | FSError e) {
      return Optional.of("cannot be read: " + StorageFiles.reason(e));
    }
  }

  /** Returns the length of a file, 0 if there is none. */
  long length(Path file) {
    try {
      return fs.getFileStatus(file).getLen();
    } catch (IOException | RuntimeException | FSError e) {
      return 0;
    }
  }
}
