package dev.bellows.backend.cpu.vector;

import dev.bellows.backend.Specialized;
import dev.bellows.backend.cpu.Rows;
import dev.bellows.memory.Memory;
import java.lang.invoke.MethodHandles;
import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Template of {@link BinaryLoop}. */
final class BinaryTemplate implements BinaryLoop {
  static final int ADD = 0;
  static final int SUB = 1;
  static final int MUL = 2;
  static final int DIV = 3;
  static final int MAXIMUM = 4;
  static final int MINIMUM = 5;
  static final int RELU_GRAD = 6;

  private static final Warmth BOTH = new Warmth(40);
  private static final Warmth RIGHT = new Warmth(40);
  private static final Warmth LEFT = new Warmth(40);
  private static final int OP = Specialized.constant(MethodHandles.lookup(), Integer.class);

  private static FloatVector apply(FloatVector x, FloatVector y) {
    switch (OP) {
      case ADD:
        return x.add(y);
      case SUB:
        return x.sub(y);
      case MUL:
        return x.mul(y);
      case DIV:
        return x.div(y);
      case MAXIMUM:
        return x.max(y);
      case MINIMUM:
        return x.min(y);
      default:
        return y.blend(0f, x.compare(VectorOperators.LE, 0f));
    }
  }

  private static float apply(float x, float y) {
    switch (OP) {
      case ADD:
        return x + y;
      case SUB:
        return x - y;
      case MUL:
        return x * y;
      case DIV:
        return x / y;
      case MAXIMUM:
        return Math.max(x, y);
      case MINIMUM:
        return Math.min(x, y);
      default:
        return x <= 0 ? 0 : y;
    }
  }

  @Override
  public void rows(Rows a, Rows b, Rows out, long rows, long n) {
    for (long r = 0; r < rows; r++) {
      if (a.repeats()) {
        float x = Memory.getFloat(Lanes.address(a) + r * a.rowBytes());
        leftScalar(x, b, out, r, n);
      } else if (b.repeats()) {
        float y = Memory.getFloat(Lanes.address(b) + r * b.rowBytes());
        rightScalar(a, y, out, r, n);
      } else {
        both(a, b, out, r, n);
      }
    }
  }

  @Override
  public void scalar(Rows a, float scalar, Rows out, long rows, long n) {
    for (long r = 0; r < rows; r++) {
      rightScalar(a, scalar, out, r, n);
    }
  }

  private static void both(Rows a, Rows b, Rows out, long r, long n) {
    long skipA = r * a.rowBytes();
    long skipB = r * b.rowBytes();
    long skipOut = r * out.rowBytes();
    long steps = n / Lanes.LANES;
    long done = BOTH.part(steps);
    long start = done < steps ? System.nanoTime() : 0;
    vector(a, skipA, b, skipB, out, skipOut, 0, done * Lanes.WIDTH);
    if (done < steps && BOTH.isHot(done, System.nanoTime() - start)) {
      vector(a, skipA, b, skipB, out, skipOut, done * Lanes.WIDTH, steps * Lanes.WIDTH);
      done = steps;
    }
    long addressA = Lanes.address(a) + skipA;
    long addressB = Lanes.address(b) + skipB;
    long addressOut = Lanes.address(out) + skipOut;
    for (long i = done * Lanes.WIDTH; i < 4 * n; i += 4) {
      float x = Memory.getFloat(addressA + i);
      float y = Memory.getFloat(addressB + i);
      Memory.putFloat(addressOut + i, apply(x, y));
    }
  }

  private static void vector(
      Rows a, long skipA, Rows b, long skipB, Rows out, long skipOut, long from, long to) {
    ByteBuffer bufferA = Lanes.buffer(a);
    ByteBuffer bufferB = Lanes.buffer(b);
    ByteBuffer bufferOut = Lanes.buffer(out);
    long atA = Lanes.position(a) + skipA;
    long atB = Lanes.position(b) + skipB;
    long atOut = Lanes.position(out) + skipOut;
    for (long i = from; i < to; i += Lanes.WIDTH) {
      step(bufferA, atA + i, bufferB, atB + i, bufferOut, atOut + i);
    }
  }

  /** Processes one vector. It is a separate method, as short methods are compiled sooner. */
  private static void step(
      ByteBuffer bufferA,
      long atA,
      ByteBuffer bufferB,
      long atB,
      ByteBuffer bufferOut,
      long atOut) {
    FloatVector x = Lanes.load(bufferA, atA);
    FloatVector y = Lanes.load(bufferB, atB);
    Lanes.store(apply(x, y), bufferOut, atOut);
  }

  private static void rightScalar(Rows a, float y, Rows out, long r, long n) {
    long skipA = r * a.rowBytes();
    long skipOut = r * out.rowBytes();
    long steps = n / Lanes.LANES;
    long done = RIGHT.part(steps);
    long start = done < steps ? System.nanoTime() : 0;
    rightVector(a, skipA, y, out, skipOut, 0, done * Lanes.WIDTH);
    if (done < steps && RIGHT.isHot(done, System.nanoTime() - start)) {
      rightVector(a, skipA, y, out, skipOut, done * Lanes.WIDTH, steps * Lanes.WIDTH);
      done = steps;
    }
    long addressA = Lanes.address(a) + skipA;
    long addressOut = Lanes.address(out) + skipOut;
    for (long i = done * Lanes.WIDTH; i < 4 * n; i += 4) {
      Memory.putFloat(addressOut + i, apply(Memory.getFloat(addressA + i), y));
    }
  }

  private static void rightVector(
      Rows a, long skipA, float y, Rows out, long skipOut, long from, long to) {
    ByteBuffer bufferA = Lanes.buffer(a);
    ByteBuffer bufferOut = Lanes.buffer(out);
    long atA = Lanes.position(a) + skipA;
    long atOut = Lanes.position(out) + skipOut;
    for (long i = from; i < to; i += Lanes.WIDTH) {
      rightStep(bufferA, atA + i, y, bufferOut, atOut + i);
    }
  }

  private static void rightStep(
      ByteBuffer bufferA, long atA, float y, ByteBuffer bufferOut, long atOut) {
    FloatVector all = FloatVector.broadcast(Lanes.F, y);
    Lanes.store(apply(Lanes.load(bufferA, atA), all), bufferOut, atOut);
  }

  private static void leftScalar(float x, Rows b, Rows out, long r, long n) {
    long skipB = r * b.rowBytes();
    long skipOut = r * out.rowBytes();
    long steps = n / Lanes.LANES;
    long done = LEFT.part(steps);
    long start = done < steps ? System.nanoTime() : 0;
    leftVector(x, b, skipB, out, skipOut, 0, done * Lanes.WIDTH);
    if (done < steps && LEFT.isHot(done, System.nanoTime() - start)) {
      leftVector(x, b, skipB, out, skipOut, done * Lanes.WIDTH, steps * Lanes.WIDTH);
      done = steps;
    }
    long addressB = Lanes.address(b) + skipB;
    long addressOut = Lanes.address(out) + skipOut;
    for (long i = done * Lanes.WIDTH; i < 4 * n; i += 4) {
      Memory.putFloat(addressOut + i, apply(x, Memory.getFloat(addressB + i)));
    }
  }

  private static void leftVector(
      float x, Rows b, long skipB, Rows out, long skipOut, long from, long to) {
    ByteBuffer bufferB = Lanes.buffer(b);
    ByteBuffer bufferOut = Lanes.buffer(out);
    long atB = Lanes.position(b) + skipB;
    long atOut = Lanes.position(out) + skipOut;
    for (long i = from; i < to; i += Lanes.WIDTH) {
      leftStep(x, bufferB, atB + i, bufferOut, atOut + i);
    }
  }

  private static void leftStep(
      float x, ByteBuffer bufferB, long atB, ByteBuffer bufferOut, long atOut) {
    FloatVector all = FloatVector.broadcast(Lanes.F, x);
    Lanes.store(apply(all, Lanes.load(bufferB, atB)), bufferOut, atOut);
  }
}
