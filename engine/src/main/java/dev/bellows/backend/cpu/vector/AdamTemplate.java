package dev.bellows.backend.cpu.vector;

import dev.bellows.backend.AdamArgs;
import dev.bellows.backend.Specialized;
import dev.bellows.backend.cpu.Rows;
import dev.bellows.memory.Memory;
import java.lang.invoke.MethodHandles;
import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;

/**
 * Template of {@link AdamLoop}; its constant selects the kind of weight decay. It makes one pass
 * over memory.
 */
final class AdamTemplate implements AdamLoop {
  static final int PLAIN = 0;
  static final int COUPLED = 1;
  static final int DECOUPLED = 2;

  private static final int DECAY = Specialized.constant(MethodHandles.lookup(), Integer.class);
  private static final Warmth WARMTH = new Warmth(40);

  @Override
  public void run(Rows param, Rows grad, Rows m, Rows v, long n, AdamArgs args) {
    AdamScalars k = AdamScalars.of(args);
    long body = n / Lanes.LANES * Lanes.WIDTH;
    long part = WARMTH.part(n / Lanes.LANES) * Lanes.WIDTH;
    long start = System.nanoTime();
    vector(param, grad, m, v, 0, part, k);
    if (part < body && WARMTH.isHot(part / Lanes.WIDTH, System.nanoTime() - start)) {
      vector(param, grad, m, v, part, body, k);
      part = body;
    }
    scalar(param, grad, m, v, part, 4 * n, k);
  }

  private static void scalar(
      Rows param, Rows grad, Rows m, Rows v, long from, long to, AdamScalars k) {
    long addressP = Lanes.address(param);
    long addressG = Lanes.address(grad);
    long addressM = Lanes.address(m);
    long addressV = Lanes.address(v);
    for (long i = from; i < to; i += 4) {
      float p = Memory.getFloat(addressP + i);
      float g = Memory.getFloat(addressG + i);
      if (DECAY == DECOUPLED) {
        p = p * k.decay();
      } else if (DECAY == COUPLED) {
        g = g + p * k.decay();
      }
      float first = Memory.getFloat(addressM + i) * k.beta1() + g * k.rest1();
      float second = Memory.getFloat(addressV + i) * k.beta2() + g * g * k.rest2();
      Memory.putFloat(addressM + i, first);
      Memory.putFloat(addressV + i, second);
      float step = first * k.stepSize() / ((float) Math.sqrt(second) * k.scale() + k.eps());
      Memory.putFloat(addressP + i, p - step);
    }
  }

  private static void vector(
      Rows param, Rows grad, Rows m, Rows v, long from, long to, AdamScalars k) {
    ByteBuffer bufferP = Lanes.buffer(param);
    ByteBuffer bufferG = Lanes.buffer(grad);
    ByteBuffer bufferM = Lanes.buffer(m);
    ByteBuffer bufferV = Lanes.buffer(v);
    long atP = Lanes.position(param);
    long atG = Lanes.position(grad);
    long atM = Lanes.position(m);
    long atV = Lanes.position(v);
    for (long i = from; i < to; i += Lanes.WIDTH) {
      step(bufferP, atP + i, bufferG, atG + i, bufferM, atM + i, bufferV, atV + i, k);
    }
  }

  /** Processes one vector. It is a separate method, as short methods are compiled sooner. */
  private static void step(
      ByteBuffer bufferP,
      long atP,
      ByteBuffer bufferG,
      long atG,
      ByteBuffer bufferM,
      long atM,
      ByteBuffer bufferV,
      long atV,
      AdamScalars k) {
    FloatVector p = Lanes.load(bufferP, atP);
    FloatVector g = Lanes.load(bufferG, atG);
    if (DECAY == DECOUPLED) {
      p = p.mul(k.decay());
    } else if (DECAY == COUPLED) {
      g = g.add(p.mul(k.decay()));
    }
    FloatVector first = Lanes.load(bufferM, atM).mul(k.beta1()).add(g.mul(k.rest1()));
    FloatVector second = Lanes.load(bufferV, atV).mul(k.beta2()).add(g.mul(g).mul(k.rest2()));
    Lanes.store(first, bufferM, atM);
    Lanes.store(second, bufferV, atV);
    FloatVector step = first.mul(k.stepSize()).div(second.sqrt().mul(k.scale()).add(k.eps()));
    Lanes.store(p.sub(step), bufferP, atP);
  }
}
