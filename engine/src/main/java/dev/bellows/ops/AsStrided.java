package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

import dev.bellows.autograd.Edge;
import dev.bellows.autograd.FunctionContext;
import dev.bellows.autograd.Node;
import dev.bellows.backend.BinaryOp;
import dev.bellows.backend.ScatterOp;
import dev.bellows.memory.DType;
import dev.bellows.memory.Shapes;
import dev.bellows.memory.Strided;
import dev.bellows.tensor.Internals;
import dev.bellows.tensor.Tensor;

/**
 * Any view of a storage. With B the geometry of the tensor that is viewed and V that of the view,
 * three linear maps belong together, each written with the others so that gradients of gradients
 * work: reading V out of values in B (the view itself), its transpose which puts values in V back
 * into zeros in B, and the replacement of what V shows in values in B.
 *
 * <p>Values in B are laid out in a flat piece of memory, in which V then finds its elements. Where
 * V names one place twice, the transpose adds; where B does, each of its elements gets an equal
 * part, as in PyTorch.
 */
public final class AsStrided extends EngineFunction {
  private final Geometry view;
  private final Geometry base;

  private final String name;

  private AsStrided(String name, Geometry base, Geometry view) {
    this.name = name;
    this.base = base;
    this.view = view;
  }

  private AsStrided(Geometry base, Geometry view) {
    this("asStrided", base, view);
  }

  /** Returns a view that is known to be inside, made by an operation of another name. */
  static Tensor named(String name, Tensor x, long[] sizes, long[] strides, long offset) {
    Geometry view = new Geometry(sizes, strides, offset);
    return new AsStrided(name, Geometry.of(x.strided()), view).apply(x);
  }

  /**
   * Works like {@link Tensor#asStrided(long[], long[], long)}, from this tensor's own offset on.
   */
  public static Tensor asStrided(Tensor self, long[] size, long[] stride) {
    return asStrided(self, size, stride, self.storageOffset());
  }

  /**
   * Views any part of the storage.
   *
   * @param size sizes of the view
   * @param stride strides, in elements
   * @param offset index of the first element in the storage
   * @throws IllegalArgumentException if sizes and strides differ in number, one is negative, or the
   *     storage does not hold all the elements
   */
  public static Tensor asStrided(Tensor self, long[] size, long[] stride, long offset) {
    Geometry view = new Geometry(size.clone(), stride.clone(), offset);
    check(self, view);
    return new AsStrided(Geometry.of(self.strided()), view).apply(self);
  }

  private static void check(Tensor x, Geometry view) {
    if (view.sizes().length != view.strides().length) {
      throw new IllegalArgumentException(
          message(
              "asStrided: mismatch in length of strides and shape; got sizes %s, strides %s",
              view.sizes(), view.strides()));
    }
    boolean negative = view.offset() < 0;
    for (int d = 0; d < view.sizes().length; d++) {
      negative |= view.sizes()[d] < 0 || view.strides()[d] < 0;
    }
    if (negative) {
      throw new IllegalArgumentException(
          "asStrided: Negative sizes, strides and offsets are not supported; got " + text(view));
    }
    long have = x.storage().bytes() / x.dtype().bytes();
    boolean fits;
    try {
      long reach = view.offset();
      for (int d = 0; d < view.sizes().length; d++) {
        long steps = Math.max(0, view.sizes()[d] - 1);
        reach = Math.addExact(reach, Math.multiplyExact(steps, view.strides()[d]));
      }
      fits = Shapes.numel(view.sizes()) == 0 || reach < have;
    } catch (ArithmeticException e) {
      fits = false;
    }
    if (!fits) {
      throw new IllegalArgumentException(
          message(
              "asStrided: %s are out of bounds for storage of %s elements of %s",
              text(view), have, x.dtype()));
    }
  }

  private static String text(Geometry g) {
    return message("sizes %s, strides %s, storage offset %s", g.sizes(), g.strides(), g.offset());
  }

  /**
   * Returns the node of a view whose base, now at {@code edge}, was changed since the view was
   * made.
   */
  public static Node node(Edge edge, Geometry base, Geometry view) {
    return new Node(edge) {
      @Override
      public String name() {
        return "AsStridedBackward";
      }

      @Override
      protected Tensor[] backward(Tensor[] gradOutputs) {
        return new Tensor[] {new Embed(base, view).apply(gradOutputs)};
      }
    };
  }

  /** Returns the part of x, in the geometry {@code base}, that {@code view} shows. */
  public static Tensor extract(Tensor x, Geometry base, Geometry view) {
    return new Extract(base, view).apply(x);
  }

  /**
   * Returns x in the geometry {@code base} with the part that {@code view} shows replaced by src.
   */
  public static Tensor replace(Tensor x, Tensor src, Geometry base, Geometry view) {
    return new Replace(base, view).apply(x, src);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
    return new Tensor[] {Internals.view(in[0], view.sizes(), view.strides(), view.offset())};
  }

  @Override
  protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
    Tensor gradOut = gradOutputs[0];
    return new Tensor[] {new Embed(base, view).apply(gradOut)};
  }

  /**
   * Returns flat zeros that hold everything from the first to the last element of both geometries.
   */
  private static Tensor flat(Tensor like, Geometry base, Geometry view) {
    return like.newZeros(Math.max(base.end(), view.end()) - first(base, view));
  }

  private static long first(Geometry base, Geometry view) {
    return Math.min(base.offset(), view.offset());
  }

  /**
   * Writes values to flat at the places of g; where places repeat, the last of them in row-major
   * order.
   */
  private static void put(Strided values, Tensor flat, Geometry g) {
    if (g.mayOverlap()) {
      scatter(ScatterOp.SET, values, flat, g);
    } else {
      Internals.kernels(flat).copy(values, in(flat, g));
    }
  }

  /** Adds values to flat at the places of g. */
  private static void add(Strided values, Tensor flat, Geometry g) {
    if (g.mayOverlap()) {
      scatter(ScatterOp.ADD, values, flat, g);
    } else {
      Strided target = in(flat, g);
      Internals.kernels(flat).binary(BinaryOp.ADD, target, values, target);
    }
  }

  /** Writes one value after the other, which is what it takes where places repeat. */
  private static void scatter(ScatterOp op, Strided values, Tensor flat, Geometry g) {
    try (Tensor places = Tensor.on(flat.device()).arange(flat.numel());
        Tensor index = Internals.allocate(flat.device(), DType.INT64, g.sizes());
        Tensor source = Internals.allocate(flat.device(), values.dtype(), g.sizes())) {
      Internals.kernels(flat).copy(in(places, g), index.strided());
      Internals.kernels(flat).copy(values, source.strided());
      long[] n = {index.numel()};
      long[] one = {1};
      Internals.kernels(flat)
          .scatter(
              op,
              source.strided().with(n, one, 0),
              0,
              index.strided().with(n, one, 0),
              flat.strided());
    }
  }

  /** Divides what lies at a place of g by how often g has it. */
  private static void divideByCounts(Tensor flat, Geometry g) {
    try (Tensor counts = flat.newZeros(flat.numel());
        Tensor one = flat.newOnes()) {
      add(Broadcasting.expand(one.strided(), g.sizes()), counts, g);
      flat.div_(counts.maximum(1));
    }
  }

  private static Strided in(Tensor flat, Geometry g) {
    return flat.strided().with(g.sizes(), g.strides(), g.offset());
  }

  private static Tensor view(Tensor flat, Geometry g) {
    return Internals.view(flat, g.sizes(), g.strides(), g.offset());
  }

  /** Values in B → values in V; where places of B repeat, their mean: the transpose of Embed. */
  private static final class Extract extends EngineFunction {
    private final Geometry base;
    private final Geometry view;

    Extract(Geometry base, Geometry view) {
      this.base = base;
      this.view = view;
    }

    @Override
    public String name() {
      return "asStridedExtract";
    }

    @Override
    protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
      long first = first(base, view);
      try (Tensor flat = flat(in[0], base, view)) {
        add(in[0].strided(), flat, base.from(first));
        if (base.mayOverlap()) {
          divideByCounts(flat, base.from(first));
        }
        Tensor out = Internals.allocate(flat.device(), flat.dtype(), view.sizes());
        Internals.kernels(flat).copy(in(flat, view.from(first)), out.strided());
        return new Tensor[] {out};
      }
    }

    @Override
    protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
      Tensor gradOut = gradOutputs[0];
      return new Tensor[] {new Embed(base, view).apply(gradOut)};
    }
  }

  /** Values in V → values in B, zero where V has none. */
  private static final class Embed extends EngineFunction {
    private final Geometry base;
    private final Geometry view;

    Embed(Geometry base, Geometry view) {
      this.base = base;
      this.view = view;
    }

    @Override
    public String name() {
      return "asStridedGrad";
    }

    @Override
    protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
      long first = first(base, view);
      try (Tensor flat = flat(in[0], base, view)) {
        add(in[0].strided(), flat, view.from(first));
        if (base.mayOverlap()) {
          divideByCounts(flat, base.from(first));
        }
        return new Tensor[] {view(flat, base.from(first)).clone()};
      }
    }

    @Override
    protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
      Tensor gradOut = gradOutputs[0];
      return new Tensor[] {new Extract(base, view).apply(gradOut)};
    }
  }

  /** Values in B and in V → values in B, those of V in their places. */
  private static final class Replace extends EngineFunction {
    private final Geometry base;
    private final Geometry view;

    Replace(Geometry base, Geometry view) {
      this.base = base;
      this.view = view;
    }

    @Override
    public String name() {
      return "asStridedScatter";
    }

    @Override
    protected Tensor[] forward(FunctionContext ctx, Tensor... in) {
      long first = first(base, view);
      try (Tensor flat = flat(in[0], base, view)) {
        put(in[0].strided(), flat, base.from(first));
        put(in[1].strided(), flat, view.from(first));
        return new Tensor[] {view(flat, base.from(first)).clone()};
      }
    }

    @Override
    protected Tensor[] backward(FunctionContext ctx, Tensor... gradOutputs) {
      Tensor gradOut = gradOutputs[0];
      Tensor gradX = null;
      if (ctx.needsInputGrad(0)) {
        Tensor zeros = gradOut.newZeros(view.sizes());
        gradX = new Replace(base, view).apply(gradOut, zeros);
      }
      Tensor gradSrc = ctx.needsInputGrad(1) ? new Extract(base, view).apply(gradOut) : null;
      return new Tensor[] {gradX, gradSrc};
    }
  }
}
