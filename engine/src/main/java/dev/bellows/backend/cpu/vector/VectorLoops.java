package dev.bellows.backend.cpu.vector;

import dev.bellows.backend.AdamArgs;
import dev.bellows.backend.BinaryOp;
import dev.bellows.backend.ReduceOp;
import dev.bellows.backend.SgdArgs;
import dev.bellows.backend.Specialized;
import dev.bellows.backend.UnaryOp;
import dev.bellows.backend.cpu.Loops;
import dev.bellows.backend.cpu.Rows;
import dev.bellows.memory.Block;
import java.lang.invoke.MethodHandles;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** The vector loops; copies of the templates are created on first use. */
public final class VectorLoops implements Loops {
  private final Copies<BinaryLoop> binaries = new Copies<>(BinaryLoop.class, BinaryTemplate.class);
  private final Copies<UnaryLoop> unaries = new Copies<>(UnaryLoop.class, UnaryTemplate.class);
  private final Copies<ReduceLoop> extremes = new Copies<>(ReduceLoop.class, MaxTemplate.class);
  private final ReduceLoop sums = new SumLoop();
  private final Copies<SgdLoop> sgds = new Copies<>(SgdLoop.class, SgdTemplate.class);
  private final Copies<AdamLoop> adams = new Copies<>(AdamLoop.class, AdamTemplate.class);

  /** Creates the loops; called by reflection. */
  public VectorLoops() {}

  @Override
  public String describe() {
    return Lanes.describe();
  }

  @Override
  public int bits() {
    return Lanes.F.vectorBitSize();
  }

  @Override
  public boolean reaches(Block block) {
    return Lanes.reaches(block);
  }

  @Override
  public boolean supports(UnaryOp op) {
    return number(op) >= 0;
  }

  @Override
  public boolean supports(BinaryOp op) {
    return number(op) >= 0;
  }

  @Override
  public boolean supports(ReduceOp op) {
    return loop(op) != null;
  }

  private static int number(UnaryOp op) {
    return switch (op) {
      case NEG -> UnaryTemplate.NEG;
      case ABS -> UnaryTemplate.ABS;
      case SQRT -> UnaryTemplate.SQRT;
      case RELU -> UnaryTemplate.RELU;
      case RECIPROCAL -> UnaryTemplate.RECIPROCAL;
      default -> -1;
    };
  }

  private static int number(BinaryOp op) {
    return switch (op) {
      case ADD -> BinaryTemplate.ADD;
      case SUB -> BinaryTemplate.SUB;
      case MUL -> BinaryTemplate.MUL;
      case DIV -> BinaryTemplate.DIV;
      case MAXIMUM -> BinaryTemplate.MAXIMUM;
      case MINIMUM -> BinaryTemplate.MINIMUM;
      case RELU_GRAD -> BinaryTemplate.RELU_GRAD;
      default -> -1;
    };
  }

  private ReduceLoop loop(ReduceOp op) {
    return switch (op) {
      case SUM -> sums;
      case MAX -> extremes.get(MaxTemplate.MAX);
      case MIN -> extremes.get(MaxTemplate.MIN);
      default -> null;
    };
  }

  @Override
  public void unary(UnaryOp op, Rows a, Rows out, long rows, long n) {
    unaries.get(number(op)).rows(a, out, rows, n);
  }

  @Override
  public void binary(BinaryOp op, Rows a, Rows b, Rows out, long rows, long n) {
    binaries.get(number(op)).rows(a, b, out, rows, n);
  }

  @Override
  public void binaryScalar(BinaryOp op, Rows a, float scalar, Rows out, long rows, long n) {
    binaries.get(number(op)).scalar(a, scalar, out, rows, n);
  }

  @Override
  public void addScaled(Rows a, Rows b, float alpha, Rows out, long rows, long n) {
    AddScaledLoop.rows(a, b, alpha, out, rows, n);
  }

  @Override
  public void fill(Rows out, float value, long rows, long n) {
    for (long r = 0; r < rows; r++) {
      FillLoop.row(value, out, r, n);
    }
  }

  @Override
  public void copy(Rows a, Rows out, long rows, long n) {
    unaries.get(UnaryTemplate.COPY).rows(a, out, rows, n);
  }

  @Override
  public void reduceRows(ReduceOp op, Rows a, Rows out, long rows, long n) {
    loop(op).rows(a, out, rows, n);
  }

  @Override
  public void reduceColumns(ReduceOp op, Rows a, Rows out, long rows, long n) {
    loop(op).columns(a, out, rows, n);
  }

  @Override
  public void softmax(Rows a, Rows out, boolean log, long rows, long n) {
    SoftmaxLoop.run(a, out, log, rows, n);
  }

  @Override
  public void softmaxGrad(Rows gradOut, Rows out, Rows gradA, boolean log, long rows, long n) {
    SoftmaxGradLoop.run(gradOut, out, gradA, log, rows, n);
  }

  @Override
  public void sgd(Rows param, Rows grad, Rows buffer, long n, SgdArgs args) {
    boolean momentum = buffer != null && args.momentum() != 0;
    int bits =
        (args.weightDecay() != 0 ? SgdTemplate.DECAY : 0)
            | (momentum ? SgdTemplate.MOMENTUM : 0)
            | (momentum && args.firstStep() ? SgdTemplate.FIRST : 0)
            | (momentum && args.nesterov() ? SgdTemplate.NESTEROV : 0);
    sgds.get(bits).run(param, grad, momentum ? buffer : param, n, args);
  }

  @Override
  public void adam(Rows param, Rows grad, Rows m, Rows v, long n, AdamArgs args) {
    int decay =
        args.weightDecay() == 0
            ? AdamTemplate.PLAIN
            : args.decoupled() ? AdamTemplate.DECOUPLED : AdamTemplate.COUPLED;
    adams.get(decay).run(param, grad, m, v, n, args);
  }

  /** The copies of a template, by constant. */
  private static final class Copies<T> {
    private static final int MOST = 16;

    private final Class<T> type;
    private final Class<? extends T> template;
    private final AtomicReferenceArray<T> copies = new AtomicReferenceArray<>(MOST);

    Copies(Class<T> type, Class<? extends T> template) {
      this.type = type;
      this.template = template;
    }

    T get(int constant) {
      T copy = copies.get(constant);
      return copy == null ? make(constant) : copy;
    }

    private synchronized T make(int constant) {
      T copy = copies.get(constant);
      if (copy == null) {
        copy = Specialized.copy(MethodHandles.lookup(), type, template, constant);
        copies.set(constant, copy);
      }
      return copy;
    }
  }
}
