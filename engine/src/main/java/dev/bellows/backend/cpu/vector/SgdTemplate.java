package dev.bellows.backend.cpu.vector;

import dev.bellows.backend.SgdArgs;
import dev.bellows.backend.Specialized;
import dev.bellows.backend.cpu.Rows;
import dev.bellows.memory.Memory;
import java.lang.invoke.MethodHandles;
import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;

/** Template of {@link SgdLoop}; its constant is a combination of the flags below. */
final class SgdTemplate implements SgdLoop {
  static final int DECAY = 1;
  static final int MOMENTUM = 2;
  static final int FIRST = 4;
  static final int NESTEROV = 8;

  private static final int BITS = Specialized.constant(MethodHandles.lookup(), Integer.class);
  private static final Warmth WARMTH = new Warmth(30);
  private static final boolean DECAYS = (BITS & DECAY) != 0;
  private static final boolean HAS_MOMENTUM = (BITS & MOMENTUM) != 0;
  private static final boolean IS_FIRST = (BITS & FIRST) != 0;
  private static final boolean IS_NESTEROV = (BITS & NESTEROV) != 0;

  @Override
  public void run(Rows param, Rows grad, Rows buffer, long n, SgdArgs args) {
    float lr = (float) args.lr();
    float momentum = (float) args.momentum();
    float fresh = (float) (1 - args.dampening());
    float decay = (float) args.weightDecay();
    long body = n / Lanes.LANES * Lanes.WIDTH;
    long done = WARMTH.part(n / Lanes.LANES) * Lanes.WIDTH;
    long start = System.nanoTime();
    vector(param, grad, buffer, 0, done, lr, momentum, fresh, decay);
    if (done < body && WARMTH.isHot(done / Lanes.WIDTH, System.nanoTime() - start)) {
      vector(param, grad, buffer, done, body, lr, momentum, fresh, decay);
      done = body;
    }
    long addressP = Lanes.address(param);
    long addressG = Lanes.address(grad);
    long addressB = Lanes.address(buffer);
    for (long i = done; i < 4 * n; i += 4) {
      float p = Memory.getFloat(addressP + i);
      float g = Memory.getFloat(addressG + i);
      if (DECAYS) {
        g = g + p * decay;
      }
      if (HAS_MOMENTUM) {
        float b = IS_FIRST ? g : Memory.getFloat(addressB + i) * momentum + g * fresh;
        Memory.putFloat(addressB + i, b);
        g = IS_NESTEROV ? g + b * momentum : b;
      }
      Memory.putFloat(addressP + i, p - g * lr);
    }
  }

  private static void vector(
      Rows param,
      Rows grad,
      Rows buffer,
      long from,
      long to,
      float lr,
      float momentum,
      float fresh,
      float decay) {
    ByteBuffer bufferP = Lanes.buffer(param);
    ByteBuffer bufferG = Lanes.buffer(grad);
    ByteBuffer bufferB = Lanes.buffer(buffer);
    long atP = Lanes.position(param);
    long atG = Lanes.position(grad);
    long atB = Lanes.position(buffer);
    for (long i = from; i < to; i += Lanes.WIDTH) {
      step(bufferP, atP + i, bufferG, atG + i, bufferB, atB + i, lr, momentum, fresh, decay);
    }
  }

  /** Processes one vector. It is a separate method, as short methods are compiled sooner. */
  private static void step(
      ByteBuffer bufferP,
      long atP,
      ByteBuffer bufferG,
      long atG,
      ByteBuffer bufferB,
      long atB,
      float lr,
      float momentum,
      float fresh,
      float decay) {
    FloatVector p = Lanes.load(bufferP, atP);
    FloatVector g = Lanes.load(bufferG, atG);
    if (DECAYS) {
      g = g.add(p.mul(decay));
    }
    if (HAS_MOMENTUM) {
      FloatVector b = IS_FIRST ? g : Lanes.load(bufferB, atB).mul(momentum).add(g.mul(fresh));
      Lanes.store(b, bufferB, atB);
      g = IS_NESTEROV ? g.add(b.mul(momentum)) : b;
    }
    Lanes.store(p.sub(g.mul(lr)), bufferP, atP);
  }
}
