package dev.bellows.tensor;

import dev.bellows.memory.DType;
import dev.bellows.memory.Device;

/**
 * Makes tensors on one device; see {@link Tensor#on}. Random numbers are the same on every device,
 * and take one draw of the generator: the thread's default one where none is given.
 */
public final class TensorsOn {
  private final Device device;

  TensorsOn(Device device) {
    this.device = device;
  }

  /** Returns the device. */
  public Device device() {
    return device;
  }

  private Tensor there(Tensor host) {
    if (device == Device.CPU) {
      return host;
    }
    try (host) {
      return TensorCopies.copyTo(device, host);
    }
  }

  /** {@link Tensor#of(Object)}: of nested arrays or lists, or a copy of a tensor. */
  public Tensor of(Object nested) {
    return there(Tensor.of(nested));
  }

  /** {@link Tensor#of(Object, DType)}: of nested arrays or lists, or a copy of a tensor. */
  public Tensor of(Object nested, DType dtype) {
    return there(Tensor.of(nested, dtype));
  }

  /** Creates a tensor without dimensions: INT64 of a whole number, FLOAT32 of a fraction. */
  public Tensor scalar(Number value) {
    return scalar(value, Factories.typeOf(value));
  }

  /** Returns a tensor without dimensions. */
  public Tensor scalar(Number value, DType dtype) {
    return full(value, dtype);
  }

  /** Allocates FLOAT32 memory of undefined content. */
  public Tensor empty(long... shape) {
    return empty(DType.FLOAT32, shape);
  }

  /** Allocates memory of undefined content. */
  public Tensor empty(DType dtype, long... shape) {
    return Factories.empty("empty", device, dtype, shape);
  }

  /** Creates FLOAT32 zeros. */
  public Tensor zeros(long... shape) {
    return zeros(DType.FLOAT32, shape);
  }

  /** Creates zeros. */
  public Tensor zeros(DType dtype, long... shape) {
    return Factories.full("zeros", device, 0, dtype, shape);
  }

  /** Creates FLOAT32 ones. */
  public Tensor ones(long... shape) {
    return ones(DType.FLOAT32, shape);
  }

  /** Creates ones. */
  public Tensor ones(DType dtype, long... shape) {
    return Factories.full("ones", device, 1, dtype, shape);
  }

  /** Creates a tensor whose elements are all the same. */
  public Tensor full(Number value, DType dtype, long... shape) {
    return Factories.full("full", device, value, dtype, shape);
  }

  /** Creates FLOAT32 [n, n] with ones on the diagonal. */
  public Tensor eye(long n) {
    return eye(n, n, DType.FLOAT32);
  }

  /** Creates [n, m] with ones on the diagonal. */
  public Tensor eye(long n, long m, DType dtype) {
    return Factories.eye(device, n, m, dtype);
  }

  /** Creates 0, 1, … below {@code end}: INT64 if that is whole, else FLOAT32. */
  public Tensor arange(Number end) {
    return there(Tensor.arange(end));
  }

  /** {@link Tensor#arange(Number, Number, Number, DType)}. */
  public Tensor arange(Number start, Number end, Number step, DType dtype) {
    return there(Tensor.arange(start, end, step, dtype));
  }

  /** {@link Tensor#linspace(Number, Number, long, DType)}. */
  public Tensor linspace(Number start, Number end, long steps, DType dtype) {
    return there(Tensor.linspace(start, end, steps, dtype));
  }

  /** {@link Tensor#logspace(Number, Number, long, Number, DType)}. */
  public Tensor logspace(Number start, Number end, long steps, Number base, DType dtype) {
    return there(Tensor.logspace(start, end, steps, base, dtype));
  }

  /** Creates a FLOAT32 tensor, uniform in [0, 1). */
  public Tensor rand(long... shape) {
    return rand(Generator.current(), DType.FLOAT32, shape);
  }

  /** Draws uniform numbers in [0, 1). */
  public Tensor rand(Generator generator, DType dtype, long... shape) {
    return Factories.empty("rand", device, dtype, shape).uniform_(generator, 0, 1);
  }

  /** Creates a FLOAT32 tensor, normal with mean 0 and standard deviation 1. */
  public Tensor randn(long... shape) {
    return randn(Generator.current(), DType.FLOAT32, shape);
  }

  /** Draws normal numbers with mean 0 and standard deviation 1. */
  public Tensor randn(Generator generator, DType dtype, long... shape) {
    return Factories.empty("randn", device, dtype, shape).normal_(generator, 0, 1);
  }

  /** Creates an INT64 tensor, uniform in [0, high). */
  public Tensor randint(long high, long... shape) {
    return randint(Generator.current(), 0, high, DType.INT64, shape);
  }

  /** Draws whole numbers, uniform in [low, high). */
  public Tensor randint(Generator generator, long low, long high, DType dtype, long... shape) {
    return Factories.empty("randint", device, dtype, shape).random_(generator, low, high);
  }

  /** Returns INT64 0 … n − 1 in random order. */
  public Tensor randperm(long n) {
    return there(Tensor.randperm(n));
  }

  /** Returns INT64 0 … n − 1 in random order. */
  public Tensor randperm(Generator generator, long n) {
    return there(Tensor.randperm(generator, n));
  }
}
