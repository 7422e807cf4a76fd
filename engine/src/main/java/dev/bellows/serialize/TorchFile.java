package dev.bellows.serialize;

import dev.bellows.memory.Device;
import dev.bellows.tensor.Tensor;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Reads and writes PyTorch's files ({@code .pt}, {@code .pth}, {@code .bin}, {@code .ckpt}).
 *
 * <p>A file holds a value: tensors, and None, booleans, numbers and strings in dictionaries, lists,
 * tuples and sets. They come as {@link Tensor}, null, Boolean, Long (BigInteger beyond it), Double,
 * String, {@code byte[]}, {@link java.util.Map} in order of insertion, {@link List} (a tuple's
 * cannot be changed) and {@link java.util.Set}; {@code torch.Size} is a tuple, {@code torch.device}
 * a String, {@code torch.dtype} a {@link dev.bellows.memory.DType}. Tensors of one storage share
 * memory here too.
 *
 * <p>Files are not trusted. Nothing that a file names is run: whatever is not in this list is
 * refused by its name, as is TorchScript. Sizes are checked against the file before memory is
 * taken, and the checksums of a zip archive are verified. The format before PyTorch 1.6 is read,
 * too. Source: {@code torch.save} and {@code torch.load(weights_only=True)}.
 */
public final class TorchFile {
  private static final String FOLDER = "archive/";

  private TorchFile() {}

  /**
   * Reads a file; its tensors are on the CPU, and no scope releases them.
   *
   * @throws TorchFileException if the file is damaged, or names what is not read
   */
  public static Object load(Path path) throws IOException {
    return load(path, Device.CPU);
  }

  /**
   * Reads a file.
   *
   * @param mapLocation the device for the tensors, whatever device they were saved from
   * @throws TorchFileException if the file is damaged, or names what is not read
   */
  public static Object load(Path path, Device mapLocation) throws IOException {
    return new TorchReader(LocalPath.of("load", path), mapLocation).read();
  }

  /**
   * Writes a value so that {@code torch.load} reads it, with {@code weights_only=True} as without.
   * Tensors are written as if they were contiguous and on the CPU; the same tensor under several
   * names is written once. The file replaces another atomically.
   *
   * @param value of the types that {@link #load(Path)} returns; maps become {@code OrderedDict}s
   * @throws IllegalArgumentException if the value holds anything else
   */
  public static void save(Object value, Path path) throws IOException {
    PickleWriter pickle = new PickleWriter();
    byte[] bytes = pickle.write(value);
    AtomicFile.write(path, out -> archive(bytes, pickle.storages(), out));
  }

  private static void archive(byte[] pickle, List<Tensor> storages, OutputStream out)
      throws IOException {
    ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(out, 1 << 16));
    zip.setMethod(ZipOutputStream.STORED);
    record(zip, "data.pkl", pickle);
    record(zip, ".format_version", "1".getBytes(StandardCharsets.US_ASCII));
    record(zip, "byteorder", "little".getBytes(StandardCharsets.US_ASCII));
    for (int i = 0; i < storages.size(); i++) {
      Tensor tensor = storages.get(i);
      CRC32 sum = new CRC32();
      RawBytes.update(sum, tensor);
      start(zip, "data/" + i, SafeTensors.byteSize(tensor), sum);
      RawBytes.write(tensor, zip);
      zip.closeEntry();
    }
    record(zip, "version", "3\n".getBytes(StandardCharsets.US_ASCII));
    zip.finish();
    zip.flush();
  }

  private static void record(ZipOutputStream zip, String name, byte... content) throws IOException {
    CRC32 sum = new CRC32();
    sum.update(content);
    start(zip, name, content.length, sum);
    zip.write(content);
    zip.closeEntry();
  }

  private static void start(ZipOutputStream zip, String name, long bytes, CRC32 sum)
      throws IOException {
    ZipEntry entry = new ZipEntry(FOLDER + name);
    entry.setSize(bytes);
    entry.setCompressedSize(bytes);
    entry.setCrc(sum.getValue());
    entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0)); // the same bytes each time
    zip.putNextEntry(entry);
  }
}
