package dev.bellows.backend.cpu.vector;

import dev.bellows.backend.Pool2dArgs;
import dev.bellows.backend.cpu.Rows;
import dev.bellows.memory.Memory;
import java.nio.ByteBuffer;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Max pooling of channels-last images: the lanes are channels. Needs a {@link Lanes#B}. */
final class MaxPoolLoop {
  private static final VectorSpecies<Integer> I =
      VectorSpecies.of(int.class, Lanes.F.vectorShape());

  private MaxPoolLoop() {}

  static void forward(Rows x, Rows out, Rows positions, long[] sizes, Pool2dArgs args) {
    long pixel = 0;
    for (long n = 0; n < sizes[0]; n++) {
      for (long oh = 0; oh < sizes[4]; oh++) {
        for (long ow = 0; ow < sizes[5]; ow++) {
          window(x, out, positions, sizes, args, n, oh, ow, pixel++);
        }
      }
    }
  }

  private static void window(
      Rows x,
      Rows out,
      Rows positions,
      long[] sizes,
      Pool2dArgs args,
      long n,
      long oh,
      long ow,
      long pixel) {
    long channels = sizes[1];
    long h = sizes[2];
    long w = sizes[3];
    long top = oh * args.strideH() - args.padH();
    long left = ow * args.strideW() - args.padW();
    int kh0 = (int) Math.max(0, -top);
    int kh1 = (int) Math.min(args.kernelH(), h - top);
    int kw0 = (int) Math.max(0, -left);
    int kw1 = (int) Math.min(args.kernelW(), w - left);
    int kernelW = args.kernelW();
    long corner = 4 * channels * ((n * h + top) * w + left);
    long rowBytes = 4 * channels * w;
    long pixelBytes = 4 * channels;
    long body = channels / Lanes.LANES * Lanes.LANES;
    ByteBuffer bufferX = Lanes.buffer(x);
    ByteBuffer bufferOut = Lanes.buffer(out);
    ByteBuffer bufferPositions = Lanes.buffer(positions);
    long atX = Lanes.position(x) + corner;
    long atOut = Lanes.position(out) + 4 * pixel * channels;
    long atPositions = Lanes.position(positions) + pixel * channels;
    for (long c = 0; c < body; c += Lanes.LANES) {
      FloatVector best = Lanes.load(bufferX, atX + kh0 * rowBytes + kw0 * pixelBytes + 4 * c);
      FloatVector winner = FloatVector.broadcast(Lanes.F, kh0 * kernelW + kw0);
      for (int kh = kh0; kh < kh1; kh++) {
        for (int kw = kw0; kw < kw1; kw++) {
          FloatVector v = Lanes.load(bufferX, atX + kh * rowBytes + kw * pixelBytes + 4 * c);
          // Greater, or the first NaN: not (v <= best), while best is a number.
          VectorMask<Float> wins =
              v.compare(VectorOperators.LE, best).not().and(best.compare(VectorOperators.EQ, best));
          best = best.blend(v, wins);
          winner = winner.blend((float) (kh * kernelW + kw), wins);
        }
      }
      Lanes.store(best, bufferOut, atOut + 4 * c);
      Lanes.storeBytes(bytes(winner), bufferPositions, atPositions + c);
    }
    for (long c = body; c < channels; c++) {
      scalarWindow(
          x,
          out,
          positions,
          args,
          corner + 4 * c,
          rowBytes,
          pixelBytes,
          pixel * channels + c,
          kh0,
          kh1,
          kw0,
          kw1);
    }
  }

  private static void scalarWindow(
      Rows x,
      Rows out,
      Rows positions,
      Pool2dArgs args,
      long corner,
      long rowBytes,
      long pixelBytes,
      long element,
      int kh0,
      int kh1,
      int kw0,
      int kw1) {
    long address = Lanes.address(x) + corner;
    float best = Memory.getFloat(address + kh0 * rowBytes + kw0 * pixelBytes);
    int winner = kh0 * args.kernelW() + kw0;
    for (int kh = kh0; kh < kh1; kh++) {
      for (int kw = kw0; kw < kw1; kw++) {
        float v = Memory.getFloat(address + kh * rowBytes + kw * pixelBytes);
        if (!(v <= best) && best == best) {
          best = v;
          winner = kh * args.kernelW() + kw;
        }
      }
    }
    Memory.putFloat(Lanes.address(out) + 4 * element, best);
    Memory.putByte(Lanes.address(positions) + element, (byte) winner);
  }

  private static ByteVector bytes(FloatVector numbers) {
    IntVector ints = (IntVector) numbers.convert(VectorOperators.F2I, 0);
    return (ByteVector) ints.castShape(Lanes.B, 0);
  }

  private static FloatVector floats(ByteVector bytes) {
    IntVector ints = ((IntVector) bytes.castShape(I, 0)).and(0xFF);
    return (FloatVector) ints.convert(VectorOperators.I2F, 0);
  }

  static void grad(Rows gradOut, Rows positions, Rows gradX, long[] sizes, Pool2dArgs args) {
    // Windows that tile the image write each element once; others add to zeros.
    boolean tiles =
        args.strideH() == args.kernelH()
            && args.strideW() == args.kernelW()
            && args.padH() == 0
            && args.padW() == 0;
    boolean covers =
        tiles && sizes[4] * args.strideH() == sizes[2] && sizes[5] * args.strideW() == sizes[3];
    if (!covers) {
      long bytes = 4 * sizes[0] * sizes[1] * sizes[2] * sizes[3];
      Memory.set(Lanes.address(gradX), bytes, (byte) 0);
    }
    long pixel = 0;
    for (long n = 0; n < sizes[0]; n++) {
      for (long oh = 0; oh < sizes[4]; oh++) {
        for (long ow = 0; ow < sizes[5]; ow++) {
          spread(gradOut, positions, gradX, sizes, args, n, oh, ow, pixel++, tiles);
        }
      }
    }
  }

  private static void spread(
      Rows gradOut,
      Rows positions,
      Rows gradX,
      long[] sizes,
      Pool2dArgs args,
      long n,
      long oh,
      long ow,
      long pixel,
      boolean tiles) {
    long channels = sizes[1];
    long h = sizes[2];
    long w = sizes[3];
    long top = oh * args.strideH() - args.padH();
    long left = ow * args.strideW() - args.padW();
    int kh0 = (int) Math.max(0, -top);
    int kh1 = (int) Math.min(args.kernelH(), h - top);
    int kw0 = (int) Math.max(0, -left);
    int kw1 = (int) Math.min(args.kernelW(), w - left);
    int kernelW = args.kernelW();
    long corner = 4 * channels * ((n * h + top) * w + left);
    long rowBytes = 4 * channels * w;
    long pixelBytes = 4 * channels;
    long body = channels / Lanes.LANES * Lanes.LANES;
    ByteBuffer bufferX = Lanes.buffer(gradX);
    ByteBuffer bufferOut = Lanes.buffer(gradOut);
    ByteBuffer bufferPositions = Lanes.buffer(positions);
    long atX = Lanes.position(gradX) + corner;
    long atOut = Lanes.position(gradOut) + 4 * pixel * channels;
    long atPositions = Lanes.position(positions) + pixel * channels;
    for (long c = 0; c < body; c += Lanes.LANES) {
      FloatVector g = Lanes.load(bufferOut, atOut + 4 * c);
      FloatVector winner = floats(Lanes.loadBytes(bufferPositions, atPositions + c));
      for (int kh = kh0; kh < kh1; kh++) {
        for (int kw = kw0; kw < kw1; kw++) {
          long at = atX + kh * rowBytes + kw * pixelBytes + 4 * c;
          VectorMask<Float> wins = winner.compare(VectorOperators.EQ, (float) (kh * kernelW + kw));
          FloatVector share = FloatVector.zero(Lanes.F).blend(g, wins);
          Lanes.store(tiles ? share : Lanes.load(bufferX, at).add(share), bufferX, at);
        }
      }
    }
    for (long c = body; c < channels; c++) {
      long element = pixel * channels + c;
      int k = Memory.getByte(Lanes.address(positions) + element) & 0xFF;
      float g = Memory.getFloat(Lanes.address(gradOut) + 4 * element);
      long address = Lanes.address(gradX) + corner + 4 * c;
      for (int kh = kh0; kh < kh1; kh++) {
        for (int kw = kw0; kw < kw1; kw++) {
          long at = address + kh * rowBytes + kw * pixelBytes;
          float share = kh * kernelW + kw == k ? g : 0;
          Memory.putFloat(at, tiles ? share : Memory.getFloat(at) + share);
        }
      }
    }
  }
}
