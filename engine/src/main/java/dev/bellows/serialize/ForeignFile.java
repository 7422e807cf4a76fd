package dev.bellows.serialize;

/** File formats that are mistaken for safetensors, recognised by their first eight bytes. */
enum ForeignFile {
  ZIP(
      "a zip archive, as PyTorch writes (.pt, .pth, .bin)",
      ForeignFile.FROM_PYTORCH,
      0x50,
      0x4B,
      0x03,
      0x04),
  EMPTY_ZIP("an empty zip archive", "write the file again", 0x50, 0x4B, 0x05, 0x06),
  PICKLE(
      "a Python pickle, as PyTorch before 1.6 wrote (.pt, .pth, .bin)",
      ForeignFile.FROM_PYTORCH,
      0x80),
  GZIP("compressed by gzip", "unpack it with gunzip", 0x1F, 0x8B),
  BZIP2("compressed by bzip2", "unpack it with bunzip2", 'B', 'Z', 'h'),
  XZ("compressed by xz", "unpack it with unxz", 0xFD, '7', 'z', 'X', 'Z'),
  ZSTD("compressed by zstd", "unpack it with unzstd", 0x28, 0xB5, 0x2F, 0xFD),
  HDF5(
      "an HDF5 file (.h5, .hdf5), as Keras writes",
      "read it with h5py in Python and write it with safetensors.numpy.save_file",
      0x89,
      'H',
      'D',
      'F'),
  NUMPY(
      "a NumPy array (.npy)",
      "read it with numpy.load and write it with safetensors.numpy.save_file",
      0x93,
      'N',
      'U',
      'M',
      'P',
      'Y'),
  GGUF("a GGUF file", "look for the model's safetensors files", 'G', 'G', 'U', 'F'),
  LFS_POINTER(
      "a Git LFS pointer, not the file itself", "fetch it with git lfs pull", 'v', 'e', 'r', 's'),
  HTML("a web page", "download the file itself", '<'),
  JSON(
      "JSON text, perhaps the index of several files (.index.json)",
      "load the safetensors files that it names",
      '{'),
  ONNX(
      "an ONNX model, or another protobuf file",
      "read it with onnx in Python and write its weights with safetensors.numpy.save_file",
      0x08,
      ForeignFile.ANY,
      0x12);

  private static final int ANY = -1;
  private static final String FROM_PYTORCH =
      "load it with StateDicts.load, or convert it with bellows convert";

  private final String what;
  private final String advice;
  private final int[] start;

  ForeignFile(String what, String advice, int... start) {
    this.what = what;
    this.advice = advice;
    this.start = start;
  }

  /**
   * Returns a hint to append to messages about a file with these first bytes; empty if the format
   * is unknown.
   */
  static String hint(byte... head) {
    for (ForeignFile each : values()) {
      if (each.matches(head)) {
        return "; the file is " + each.what + ": " + each.advice;
      }
    }
    return "";
  }

  private boolean matches(byte... head) {
    boolean same = head.length >= start.length;
    for (int i = 0; same && i < start.length; i++) {
      same = start[i] == ANY || start[i] == (head[i] & 0xFF);
    }
    return same;
  }
}
