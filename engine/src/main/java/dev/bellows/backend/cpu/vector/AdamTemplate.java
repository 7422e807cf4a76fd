package dev.bellows.backend.cpu.vector;

import dev.bellows.backend.AdamArgs;
import dev.bellows.backend.cpu.Rows;
import dev.bellows.memory.Memory;
import java.lang.invoke.MethodHandles;
import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;

/** Template of {@link AdamLoop}; its constant says how weights decay. One pass over memory. */
final class AdamTemplate implements AdamLoop {
  static final int PLAIN = 0;
  static final int COUPLED = 1;
  static final int DECOUPLED = 2;

  private static final int DECAY = Specialized.constant(MethodHandles.lookup());

  @Override
  public void run(Rows param, Rows grad, Rows m, Rows v, long n, AdamArgs args) {
    float beta1 = (float) args.beta1();
    float beta2 = (float) args.beta2();
    float rest1 = (float) (1 - args.beta1());
    float rest2 = (float) (1 - args.beta2());
    float eps = (float) args.eps();
    float stepSize = (float) (args.lr() / (1 - StrictMath.pow(args.beta1(), args.step())));
    float scale = (float) (1 / Math.sqrt(1 - StrictMath.pow(args.beta2(), args.step())));
    float decay =
        (float) (DECAY == DECOUPLED ? 1 - args.lr() * args.weightDecay() : args.weightDecay());
    long body = n / Lanes.LANES * Lanes.WIDTH;
    ByteBuffer bufferP = Lanes.buffer(param);
    ByteBuffer bufferG = Lanes.buffer(grad);
    ByteBuffer bufferM = Lanes.buffer(m);
    ByteBuffer bufferV = Lanes.buffer(v);
    long atP = Lanes.position(param);
    long atG = Lanes.position(grad);
    long atM = Lanes.position(m);
    long atV = Lanes.position(v);
    for (long i = 0; i < body; i += Lanes.WIDTH) {
      FloatVector p = Lanes.load(bufferP, atP + i);
      FloatVector g = Lanes.load(bufferG, atG + i);
      if (DECAY == DECOUPLED) {
        p = p.mul(decay);
      } else if (DECAY == COUPLED) {
        g = g.add(p.mul(decay));
      }
      FloatVector first = Lanes.load(bufferM, atM + i).mul(beta1).add(g.mul(rest1));
      FloatVector second = Lanes.load(bufferV, atV + i).mul(beta2).add(g.mul(g).mul(rest2));
      Lanes.store(first, bufferM, atM + i);
      Lanes.store(second, bufferV, atV + i);
      FloatVector step = first.mul(stepSize).div(second.sqrt().mul(scale).add(eps));
      Lanes.store(p.sub(step), bufferP, atP + i);
    }
    for (long i = body; i < 4 * n; i += 4) {
      float p = Memory.getFloat(Lanes.address(param) + i);
      float g = Memory.getFloat(Lanes.address(grad) + i);
      if (DECAY == DECOUPLED) {
        p = p * decay;
      } else if (DECAY == COUPLED) {
        g = g + p * decay;
      }
      float first = Memory.getFloat(Lanes.address(m) + i) * beta1 + g * rest1;
      float second = Memory.getFloat(Lanes.address(v) + i) * beta2 + g * g * rest2;
      Memory.putFloat(Lanes.address(m) + i, first);
      Memory.putFloat(Lanes.address(v) + i, second);
      float step = first * stepSize / ((float) Math.sqrt(second) * scale + eps);
      Memory.putFloat(Lanes.address(param) + i, p - step);
    }
  }
}
