package dev.bellows.serialize;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.tensor.Tensor;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** Reads one PyTorch file; closes the tensors it has made if it fails. */
final class TorchReader {
  private static final String PICKLE = "data.pkl";
  private static final int MAX_PICKLE_BYTES = 100_000_000;
  private static final BigInteger LEGACY_MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
  private static final long LEGACY_PROTOCOL = 1001;

  private final Path path;
  private final Device device;
  private final long fileBytes;
  private final Map<String, Tensor> storages = new LinkedHashMap<>();
  private long storageBytes;

  TorchReader(Path path, Device device) throws IOException {
    this.path = path;
    this.device = device;
    this.fileBytes = Files.size(path);
  }

  Object read() throws IOException {
    boolean done = false;
    try {
      Object value = isZip() ? readZip() : readLegacy();
      done = true;
      return value;
    } catch (TorchFileException e) {
      throw e;
    } catch (EOFException e) {
      throw new TorchFileException("ends too early: " + e.getMessage(), e);
    } catch (IllegalArgumentException | SafeTensorsException e) {
      throw new TorchFileException("is damaged: " + e.getMessage(), e);
    } finally {
      // views keep the memory of their storages
      storages.values().forEach(Tensor::close);
      if (!done) {
        storages.clear();
      }
    }
  }

  private boolean isZip() throws IOException {
    byte[] head = new byte[4];
    try (InputStream in = Files.newInputStream(path)) {
      in.readNBytes(head, 0, 4);
    }
    return head[0] == 'P' && head[1] == 'K';
  }

  /** Allocates a storage, once the file is known to be large enough for all of them. */
  private Tensor allocate(DType dtype, String key, long numel) throws IOException {
    long left = (fileBytes - storageBytes) / dtype.bytes();
    if (numel < 0 || numel > left) {
      throw new TorchFileException(
          "storage "
              + key
              + " must fit the file; it has "
              + numel
              + " elements of "
              + dtype
              + " in a file of "
              + fileBytes
              + " bytes"
              + (storageBytes == 0 ? "" : ", of which others take " + storageBytes));
    }
    storageBytes += numel * dtype.bytes();
    Tensor tensor = Tensor.empty(dtype, numel).retain();
    storages.put(key, tensor);
    return tensor;
  }

  /** Returns a storage that was found before, of the same type and size. */
  private Tensor known(DType dtype, String key, long numel) throws IOException {
    Tensor known = storages.get(key);
    if (known != null && (known.dtype() != dtype || known.numel() != numel)) {
      throw new TorchFileException(
          message(
              "storage %s must have one type and size; got %s and %s", key, dtype, known.dtype()));
    }
    return known;
  }

  private Tensor onDevice(String key, Tensor tensor) {
    Tensor there = tensor.to(device);
    if (there != tensor) {
      storages.put(key, there.retain());
      tensor.close();
    }
    return there;
  }

  private Object readZip() throws IOException {
    try (ZipFile zip = new ZipFile(path.toFile())) {
      String prefix = prefix(zip);
      checkByteOrder(zip, prefix);
      ZipEntry pickle = zip.getEntry(prefix + PICKLE);
      checkSize(pickle, MAX_PICKLE_BYTES);
      TorchNames names =
          new TorchNames((dtype, key, numel) -> zipStorage(zip, prefix, dtype, key, numel));
      byte[] bytes = content(zip, pickle);
      return PickleReader.read(new ByteArrayInputStream(bytes), names);
    } catch (ZipException e) {
      throw new TorchFileException("is a damaged zip archive: " + e.getMessage(), e);
    }
  }

  /** Finds the folder of the pickle. */
  private static String prefix(ZipFile zip) throws IOException {
    List<String> names = zip.stream().map(ZipEntry::getName).toList();
    if (names.stream().anyMatch(name -> name.endsWith("/constants.pkl"))) {
      throw new TorchFileException(
          "is a TorchScript archive (torch.jit.save), whose code is not run; save its state dict"
              + " in Python");
    }
    for (String name : names) {
      int slash = name.indexOf('/');
      if (name.substring(slash + 1).equals(PICKLE)) {
        return name.substring(0, slash + 1);
      }
    }
    throw new TorchFileException(
        message(
            "must have data.pkl, as torch.save writes; the zip archive has %s",
            names.subList(0, Math.min(5, names.size()))));
  }

  private void checkByteOrder(ZipFile zip, String prefix) throws IOException {
    ZipEntry entry = zip.getEntry(prefix + "byteorder");
    if (entry != null) {
      checkSize(entry, 16);
      String order = new String(content(zip, entry), StandardCharsets.UTF_8);
      if (!order.equals("little")) {
        throw new TorchFileException("must be of little-endian byte order; got " + order);
      }
    }
  }

  private void checkSize(ZipEntry entry, long most) throws IOException {
    if (entry.getMethod() != ZipEntry.STORED) {
      throw new TorchFileException(
          entry.getName() + " must be stored without compression, as torch.save writes");
    }
    if (entry.getSize() > Math.min(most, fileBytes) || entry.getSize() < 0) {
      throw new TorchFileException(
          message(
              "%s must have at most %s bytes; got %s",
              entry.getName(), Math.min(most, fileBytes), entry.getSize()));
    }
  }

  private static byte[] content(ZipFile zip, ZipEntry entry) throws IOException {
    CRC32 sum = new CRC32();
    try (InputStream in = new CheckedInputStream(zip.getInputStream(entry), sum)) {
      byte[] bytes = in.readNBytes((int) entry.getSize());
      checkSum(entry, sum);
      return bytes;
    }
  }

  private static void checkSum(ZipEntry entry, CRC32 sum) throws IOException {
    if (sum.getValue() != entry.getCrc()) {
      throw new TorchFileException(
          entry.getName() + " is damaged: its checksum does not match its bytes");
    }
  }

  private Tensor zipStorage(ZipFile zip, String prefix, DType dtype, String key, long numel)
      throws IOException {
    Tensor known = known(dtype, key, numel);
    if (known != null) {
      return known;
    }
    ZipEntry entry = zip.getEntry(prefix + "data/" + key);
    if (entry == null) {
      throw new TorchFileException("storage " + key + " is missing");
    }
    checkSize(entry, Long.MAX_VALUE);
    if (numel < 0 || numel > Long.MAX_VALUE / 8 || numel * dtype.bytes() != entry.getSize()) {
      throw new TorchFileException(
          message(
              "storage %s must have the bytes of %s elements of %s; got %s",
              key, numel, dtype, entry.getSize()));
    }
    Tensor tensor = allocate(dtype, key, numel);
    CRC32 sum = new CRC32();
    try (InputStream in = new CheckedInputStream(zip.getInputStream(entry), sum)) {
      RawBytes.read(key, tensor, in);
    }
    checkSum(entry, sum);
    return onDevice(key, tensor);
  }

  /**
   * Reads the format before PyTorch 1.6: pickles of a magic number, a protocol, the system, the
   * value and the keys of its storages; then for each its number of elements and the elements.
   */
  private Object readLegacy() throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(path), 1 << 16)) {
      Map<String, DType> types = new HashMap<>();
      TorchNames names =
          new TorchNames(
              (dtype, key, numel) -> {
                Tensor known = known(dtype, key, numel);
                types.put(key, dtype);
                return known != null ? known : allocate(dtype, key, numel);
              });
      Object magic = PickleReader.read(in, names);
      if (!LEGACY_MAGIC.equals(magic)) {
        throw new TorchFileException(
            message(
                "must be a zip archive or start with PyTorch's magic number; got %s",
                PickleReader.kind(magic)));
      }
      Object protocol = PickleReader.read(in, names);
      if (!Long.valueOf(LEGACY_PROTOCOL).equals(protocol)) {
        throw new TorchFileException(
            message("protocol must be %s; got %s", LEGACY_PROTOCOL, protocol));
      }
      if (PickleReader.read(in, names) instanceof Map<?, ?> system
          && Boolean.FALSE.equals(system.get("little_endian"))) {
        throw new TorchFileException("must be of little-endian byte order");
      }
      Object value = PickleReader.read(in, names);
      fill(in, PickleReader.read(in, names));
      return value;
    }
  }

  private void fill(InputStream in, Object keys) throws IOException {
    if (!(keys instanceof List<?> list) || !storages.keySet().equals(new HashSet<>(list))) {
      throw new TorchFileException("must list the storages of its tensors");
    }
    if (device != Device.CPU) {
      throw new TorchFileException(
          "of the format before PyTorch 1.6 is read on the CPU only; load it there and move it");
    }
    for (Object key : list) {
      Tensor tensor = storages.get(key);
      byte[] count = in.readNBytes(8);
      if (count.length < 8) {
        throw new TorchFileException("ends before storage " + key);
      }
      long numel = ByteBuffer.wrap(count).order(ByteOrder.LITTLE_ENDIAN).getLong();
      if (numel != tensor.numel()) {
        throw new TorchFileException(
            message("storage %s must have %s elements; got %s", key, tensor.numel(), numel));
      }
      RawBytes.read((String) key, tensor, in);
    }
  }
}
