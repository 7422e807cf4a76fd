package dev.bellows.backend;

import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.memory.Halves;
import dev.bellows.memory.Memory;
import dev.bellows.memory.Shapes;
import dev.bellows.memory.Storage;
import dev.bellows.memory.Strided;

/** An array with a guard zone around it and in its holes, read and written as doubles. */
final class TestArray {
  private static final byte GUARD = 0x5A;

  final Strided array;
  private final Kernels kernels;
  private final Storage storage;

  /** The bytes as the host sees them: the storage itself, or a copy of a device's. */
  private final Storage host;

  TestArray(Kernels kernels, DType type, Layout layout, long... sizes) {
    long[] strides = layout.strides(sizes);
    long span = 1;
    for (int d = 0; d < sizes.length; d++) {
      span += Math.max(0, sizes[d] - 1) * strides[d];
    }
    long bytes = (layout.offset() + span + 16) * type.bytes();
    this.kernels = kernels;
    storage = Storage.allocate(kernels.memory(), bytes);
    host = storage.device() == Device.CPU ? storage : Storage.allocate(bytes);
    Memory.set(host.address(), bytes, GUARD);
    upload();
    array = new Strided(storage, type, sizes, strides, layout.offset());
  }

  private void upload() {
    if (host != storage) {
      kernels.upload(bytes(host), bytes(storage));
    }
  }

  private void download() {
    if (host != storage) {
      kernels.download(bytes(storage), bytes(host));
    }
  }

  private static Strided bytes(Storage storage) {
    return new Strided(storage, DType.UINT8, new long[] {storage.bytes()}, new long[] {1}, 0);
  }

  int numel() {
    return (int) array.numel();
  }

  private long place(long linear) {
    long rest = linear;
    long place = array.offset();
    for (int d = array.dim() - 1; d >= 0; d--) {
      place += rest % array.size(d) * array.stride(d);
      rest /= array.size(d);
    }
    return place;
  }

  private long at(long linear) {
    return host.address() + place(linear) * array.dtype().bytes();
  }

  /** Elements in row-major order. */
  double[] values() {
    download();
    double[] values = new double[numel()];
    for (int i = 0; i < values.length; i++) {
      long at = at(i);
      values[i] =
          switch (array.dtype()) {
            case FLOAT32 -> Memory.getFloat(at);
            case FLOAT64 -> Memory.getDouble(at);
            case INT64 -> Memory.getLong(at);
            case FLOAT16 -> Halves.fromFloat16(Memory.getShort(at));
            case BFLOAT16 -> Halves.fromBFloat16(Memory.getShort(at));
            case INT32 -> Memory.getInt(at);
            case INT16 -> Memory.getShort(at);
            case INT8 -> Memory.getByte(at);
            case UINT8, BOOL -> Memory.getByte(at) & 0xFF;
          };
    }
    return values;
  }

  TestArray set(double... values) {
    assert values.length == numel();
    for (int i = 0; i < values.length; i++) {
      long at = at(i);
      switch (array.dtype()) {
        case FLOAT32 -> Memory.putFloat(at, (float) values[i]);
        case FLOAT64 -> Memory.putDouble(at, values[i]);
        case INT64 -> Memory.putLong(at, (long) values[i]);
        case FLOAT16 -> Memory.putShort(at, Halves.toFloat16((float) values[i]));
        case BFLOAT16 -> Memory.putShort(at, Halves.toBFloat16((float) values[i]));
        case INT32 -> Memory.putInt(at, (int) values[i]);
        case INT16 -> Memory.putShort(at, (short) (int) values[i]);
        case INT8 -> Memory.putByte(at, (byte) (int) values[i]);
        case UINT8 -> Memory.putByte(at, (byte) (int) values[i]);
        case BOOL -> Memory.putByte(at, (byte) (values[i] != 0 ? 1 : 0));
      }
    }
    upload();
    return this;
  }

  /** The bits of each element, row-major. */
  long[] bits() {
    download();
    long[] bits = new long[numel()];
    for (int i = 0; i < bits.length; i++) {
      bits[i] =
          switch (array.dtype().bytes()) {
            case 8 -> Memory.getLong(at(i));
            case 4 -> Memory.getInt(at(i));
            case 2 -> Memory.getShort(at(i));
            default -> Memory.getByte(at(i));
          };
    }
    return bits;
  }

  /** Sets the lowest bits of each number as an element. */
  TestArray setBits(long... bits) {
    for (int i = 0; i < bits.length; i++) {
      switch (array.dtype().bytes()) {
        case 8 -> Memory.putLong(at(i), bits[i]);
        case 4 -> Memory.putInt(at(i), (int) bits[i]);
        case 2 -> Memory.putShort(at(i), (short) bits[i]);
        default -> Memory.putByte(at(i), (byte) bits[i]);
      }
    }
    upload();
    return this;
  }

  /** The bytes of the elements, of what is between them, and of the guards. */
  byte[] bytes() {
    download();
    byte[] bytes = new byte[(int) host.bytes()];
    Memory.copyToArray(host.address(), bytes, bytes.length);
    return bytes;
  }

  /** Whether nothing was written outside the elements. */
  boolean guardsHold() {
    download();
    int bytes = array.dtype().bytes();
    boolean[] owned = new boolean[(int) storage.bytes() / bytes];
    for (int i = 0; i < numel(); i++) {
      owned[(int) place(i)] = true;
    }
    for (int i = 0; i < storage.bytes(); i++) {
      if (!owned[i / bytes] && Memory.getByte(host.address() + i) != GUARD) {
        return false;
      }
    }
    return true;
  }

  void release() {
    storage.release();
    if (host != storage) {
      host.release();
    }
  }

  @Override
  public String toString() {
    return array.toString() + " offset " + array.offset();
  }

  /** Row-major linear index of coordinates in these sizes. */
  static int linear(long[] sizes, long... index) {
    long[] strides = Shapes.contiguousStrides(sizes);
    long place = 0;
    for (int d = 0; d < index.length; d++) {
      place += index[d] * strides[d];
    }
    return (int) place;
  }
}
