package dev.bellows.backend.cuda;

import dev.bellows.backend.Philox;
import dev.bellows.backend.RandomKey;
import dev.bellows.backend.RandomKind;
import dev.bellows.backend.Scalars;
import dev.bellows.memory.Strided;

/** Random numbers from {@link Philox}, and dropout. */
final class Randoms {
  private static final int WORDS = 4;

  private final CudaDevice device;

  Randoms(CudaDevice device) {
    this.device = device;
  }

  void random(RandomKind kind, RandomKey key, double a, double b, Strided out) {
    launch(kind.name(), key, a, b, 0, 0, kind == RandomKind.NORMAL ? 2 : 1, out);
  }

  void integers(RandomKey key, long low, long range, Strided out) {
    launch("INTEGERS", key, 0, 0, low, range, 2, out);
  }

  private void launch(
      String kernel,
      RandomKey key,
      double a,
      double b,
      long low,
      long range,
      int words,
      Strided out) {
    if (out.numel() == 0) {
      return;
    }
    CudaWalk walk = CudaWalk.rowMajor("random", CudaWalk.line(out));
    device.launch(
        device.kernel(KernelFile.RANDOM, out.dtype(), kernel),
        (out.numel() * words + WORDS - 1) / WORDS,
        Launch.begin()
            .array(out)
            .whole(key.seed())
            .whole(key.sequence())
            .address(device.sequenceShift())
            .real(a)
            .real(b)
            .whole(low)
            .whole(range)
            .whole(Integer.toUnsignedLong(Philox.mask(out.dtype())))
            .walk(walk));
  }

  void dropout(Strided a, double p, RandomKey key, Strided out) {
    Scalars.requireFloating("dropout", a.dtype());
    assert a.sameLayout(out) && a.isDense() : a + " and " + out;
    if (out.numel() == 0) {
      return;
    }
    CudaWalk walk = CudaWalk.over("dropout", CudaWalk.line(a), CudaWalk.line(out));
    device.launch(
        device.kernel(KernelFile.RANDOM, out.dtype(), "DROPOUT"),
        (out.numel() + WORDS - 1) / WORDS,
        Launch.begin()
            .array(a)
            .array(out)
            .whole(key.seed())
            .whole(key.sequence())
            .address(device.sequenceShift())
            .real(p)
            .walk(walk));
  }
}
