package dev.bellows.backend.cuda;

import dev.bellows.backend.Activation;
import dev.bellows.backend.Conv2dArgs;
import dev.bellows.memory.Strided;
import java.util.ArrayList;
import java.util.List;

/**
 * CudaConvolutions of channels-last images as products of matrices; other layouts are copied first.
 *
 * <p>Forward: in chunks of as many places as fit in the workspace, x is unfolded to {@code columns}
 * [places, groups, row], and each group's part is multiplied by its weights [row, o / groups]; bias
 * and activation are applied while the result is still in the cache. The gradient of the weights
 * multiplies gradOut [o / groups, places] by the same columns and adds the products of all chunks,
 * in order. The gradient of x multiplies gradOut [places, o / groups] by the weights [o / groups,
 * row], for the places of several whole images, or of some rows of one image; then each element of
 * gradX sums its windows tap by tap. Windows of single pixels need no columns. The division into
 * chunks depends on sizes only.
 *
 * <p>Weights are taken as [o, kh, kw, c / groups]: channels-last weights are used directly if rows
 * need no padding, others are copied. Depthwise convolutions use {@link Depthwise}.
 *
 * <p>Future work: with few channels, writing and reading the columns costs more than the products;
 * a kernel that gathers its tiles from x (an implicit product) would be faster there.
 */
final class CudaConvolutions {
  /** Maximum size of the columns of a chunk. */
  static final long WORKSPACE_BYTES = 64L << 20;

  /**
   * The number of places of a chunk is a multiple of this, so that the product consists of whole
   * tiles.
   */
  private static final long PLACES = 128;

  private final CudaDevice device;
  private final Moves moves;
  private final MatMuls matmuls;
  private final Blas blas;
  private final Depthwise depthwise;
  private final PlaceSums sums;
  private final long workspaceBytes;

  CudaConvolutions(
      CudaDevice device, Moves moves, MatMuls matmuls, Blas blas, long workspaceBytes) {
    this.device = device;
    this.moves = moves;
    this.matmuls = matmuls;
    this.blas = blas;
    this.sums = new PlaceSums(device);
    this.depthwise = new Depthwise(device, moves, sums);
    this.workspaceBytes = workspaceBytes;
  }

  // ---- forward

  void forward(
      Strided x,
      Strided weight,
      Strided bias,
      Conv2dArgs args,
      Activation activation,
      Strided out) {
    if (out.numel() == 0) {
      return;
    }
    ConvShape shape = ConvShape.of(x, weight, out, args);
    try (CudaTemp input = CudaTemp.channelsLast(device, moves, x);
        CudaTemp result = CudaTemp.channelsLastOut(device, out)) {
      if (shape.isDepthwise()) {
        depthwise.forward(shape, input.array(), weight, bias, activation, result.array());
        result.finish(moves, out);
        return;
      }
      boolean inPlace = result.array() == out;
      if (shape.inRow() == 0) {
        moves.fill(result.array(), 0);
      } else {
        forward(
            shape,
            input.array(),
            weight,
            inPlace ? bias : null,
            inPlace ? activation : null,
            result.array());
      }
      if (!inPlace || shape.inRow() == 0) {
        Strided shift = bias == null ? null : MatMuls.along(bias, 1, out);
        matmuls.finish(result.array(), shift, activation, out);
      }
    }
  }

  /**
   * Computes the convolution in chunks.
   *
   * @param activation applied to each chunk, together with bias; null to apply neither
   */
  private void forward(
      ConvShape shape,
      Strided x,
      Strided weight,
      Strided bias,
      Activation activation,
      Strided out) {
    long chunk = placesOfChunk(shape);
    try (CudaTemp factors = weights(shape, weight);
        CudaTemp columns = columns(shape, chunk)) {
      for (long first = 0; first < shape.places(); first += chunk) {
        long count = Math.min(chunk, shape.places() - first);
        Strided part = places(out, shape.o(), first, count);
        blas.gemm(
            shape.type(),
            shape.outGroup(),
            count,
            shape.row(),
            factors(shape, factors.array(), true),
            unfolded(shape, x, columns, first, count),
            0,
            operand(part, shape.o(), shape.outGroup(), false),
            shape.groups());
        if (activation != null) {
          Strided shift = bias == null ? null : MatMuls.along(bias, 1, part);
          matmuls.finish(part, shift, activation, part);
        }
      }
    }
  }

  private long placesOfChunk(ConvShape shape) {
    if (shape.isPlain()) {
      return shape.places();
    }
    long most = workspaceBytes / (shape.groups() * shape.row() * shape.type().bytes());
    if (most >= shape.places()) {
      return shape.places();
    }
    if (most < PLACES) {
      return Math.max(1, most);
    }
    long chunks = (shape.places() + most - 1) / most;
    long even = (shape.places() + chunks - 1) / chunks;
    return Math.min(most / PLACES, (even + PLACES - 1) / PLACES) * PLACES;
  }

  private CudaTemp columns(ConvShape shape, long places) {
    return shape.isPlain()
        ? CudaTemp.same(null)
        : CudaTemp.blank(device, shape.type(), places, shape.groups() * shape.row());
  }

  /** Returns the weights as [o, row]. */
  private CudaTemp weights(ConvShape shape, Strided weight) {
    if (areRows(shape, weight)) {
      return CudaTemp.same(weight);
    }
    CudaTemp rows = CudaTemp.blank(device, shape.type(), shape.o(), shape.row());
    if (shape.row() != shape.inRow()) {
      moves.fill(rows.array(), 0);
    }
    moves.copy(weight, asWeights(shape, weight, rows.array()));
    return rows;
  }

  /**
   * Returns whether weights lie in memory as rows do. Rows that need zero padding never do: the
   * stride of a single filter says nothing, and a product would write its padding behind the end.
   */
  private static boolean areRows(ConvShape shape, Strided weight) {
    Strided wanted = weight.with(weight.sizes(), weightStrides(shape), weight.offset());
    return shape.row() == shape.inRow() && weight.sameLayout(wanted) && CudaTemp.isAligned(weight);
  }

  private static long[] weightStrides(ConvShape shape) {
    return new long[] {shape.row(), 1, shape.kw() * shape.inGroup(), shape.inGroup()};
  }

  /** Returns the rows [o, row] as an array with a weight's sizes. */
  private static Strided asWeights(ConvShape shape, Strided weight, Strided rows) {
    return rows.with(weight.sizes(), weightStrides(shape), rows.offset());
  }

  private static Blas.Operand factors(ConvShape shape, Strided weights, boolean turned) {
    return operand(weights, shape.row(), shape.outGroup() * shape.row(), turned);
  }

  /** Returns the rows of a matrix in which the groups' parts of a row are adjacent. */
  private static Blas.Operand operand(Strided a, long row, long group, boolean turned) {
    return new Blas.Operand(a.deviceAddress(), turned, row, group);
  }

  /** Returns some places of a channels-last array as rows. */
  private static Strided places(Strided a, long channels, long first, long count) {
    return a.with(
        new long[] {count, channels}, new long[] {channels, 1}, a.offset() + first * channels);
  }

  /** Returns the columns of some places; these are x itself if windows are single pixels. */
  private Blas.Operand unfolded(
      ConvShape shape, Strided x, CudaTemp columns, long first, long count) {
    if (shape.isPlain()) {
      return operand(places(x, shape.c(), first, count), shape.c(), shape.inGroup(), false);
    }
    int pack = shape.pack();
    boolean packed = shape.inGroup() % pack == 0;
    long perGroup = shape.row() / pack;
    long perImage = shape.oh() * shape.ow();
    long steps = count * shape.groups() * perGroup;
    Strided from = Pools.images(x, first / perImage, 1);
    device.launch(
        device.kernel(KernelFile.CONV, shape.type(), packed ? "UNFOLD_PACKED" : "UNFOLD"),
        steps,
        shape
            .pack(Launch.begin().array(from).array(columns.array()).whole(steps))
            .integer((int) shape.c())
            .integer((int) shape.inGroup())
            .integer((int) (first % perImage))
            .divisor(shape.groups() * perGroup)
            .divisor(perGroup)
            .divisor(packed ? shape.inGroup() / pack : shape.inGroup())
            .divisor(shape.kw())
            .divisor(shape.ow())
            .divisor(perImage));
    return operand(columns.array(), shape.groups() * shape.row(), shape.row(), false);
  }

  // ---- gradient for x

  void gradInput(Strided gradOut, Strided weight, Conv2dArgs args, Strided gradX) {
    if (gradX.numel() == 0) {
      return;
    }
    if (gradOut.numel() == 0) {
      moves.fill(gradX, 0);
      return;
    }
    ConvShape shape = ConvShape.of(gradX, weight, gradOut, args);
    try (CudaTemp grad = CudaTemp.channelsLast(device, moves, gradOut);
        CudaTemp result = CudaTemp.channelsLastOut(device, gradX)) {
      if (shape.isDepthwise()) {
        depthwise.gradInput(shape, grad.array(), weight, result.array());
      } else {
        try (CudaTemp factors = weights(shape, weight)) {
          gradInput(shape, grad.array(), factors.array(), result.array());
        }
      }
      result.finish(moves, gradX);
    }
  }

  private void gradInput(ConvShape shape, Strided gradOut, Strided weights, Strided gradX) {
    if (shape.isPlain()) {
      spread(
          shape,
          gradOut,
          weights,
          operand(gradX, shape.c(), shape.inGroup(), false),
          shape.places());
      return;
    }
    long perPlace = shape.groups() * shape.row();
    long most = Math.max(1, workspaceBytes / (perPlace * shape.type().bytes()));
    List<Part> parts = parts(shape, most);
    long places = 1;
    for (Part part : parts) {
      places = Math.max(places, part.images * part.outRows * shape.ow());
    }
    try (CudaTemp columns = columns(shape, places)) {
      for (Part part : parts) {
        gradRows(shape, gradOut, weights, gradX, columns, part);
      }
    }
  }

  /** Some rows of x of some images, and the rows of out that cover them. */
  private record Part(
      long image, long images, long firstRow, long rows, long firstOut, long outRows) {}

  /**
   * Returns parts of whole images, or parts of one image if it has more than {@code most} places.
   */
  private static List<Part> parts(ConvShape shape, long most) {
    List<Part> parts = new ArrayList<>();
    long images = most / (shape.oh() * shape.ow());
    if (images > 0) {
      for (long first = 0; first < shape.n(); first += images) {
        long count = Math.min(images, shape.n() - first);
        parts.add(new Part(first, count, 0, shape.h(), 0, shape.oh()));
      }
      return parts;
    }
    // Rows that windows share are multiplied twice, so that every element has all of its windows.
    long rows = rowsOfChunk(shape, most / shape.ow());
    for (long image = 0; image < shape.n(); image++) {
      for (long first = 0; first < shape.h(); first += rows) {
        long count = Math.min(rows, shape.h() - first);
        long firstOut = firstOutRow(shape, first);
        long outRows = Math.max(0, endOutRow(shape, first + count) - firstOut);
        parts.add(new Part(image, 1, first, count, firstOut, outRows));
      }
    }
    return parts;
  }

  /**
   * Returns the largest number of rows of x covered by at most {@code outRows} rows of out; at
   * least 1.
   */
  private static long rowsOfChunk(ConvShape shape, long outRows) {
    long over = (shape.kh() - 1) * shape.args().dilationH();
    return Math.max(1, (outRows - 1) * shape.args().strideH() - over + 1);
  }

  private static long firstOutRow(ConvShape shape, long row) {
    long over = (shape.kh() - 1) * shape.args().dilationH();
    long from = row + shape.args().padH() - over;
    long stride = shape.args().strideH();
    return from <= 0 ? 0 : Math.min(shape.oh(), (from + stride - 1) / stride);
  }

  private static long endOutRow(ConvShape shape, long end) {
    return Math.min(shape.oh(), (end - 1 + shape.args().padH()) / shape.args().strideH() + 1);
  }

  /** Multiplies gradOut of some places by the weights. */
  private void spread(
      ConvShape shape, Strided gradOut, Strided weights, Blas.Operand to, long places) {
    blas.gemm(
        shape.type(),
        shape.row(),
        places,
        shape.outGroup(),
        factors(shape, weights, false),
        operand(gradOut, shape.o(), shape.outGroup(), false),
        0,
        to,
        shape.groups());
  }

  /** Computes one part of gradX. */
  private void gradRows(
      ConvShape shape,
      Strided gradOut,
      Strided weights,
      Strided gradX,
      CudaTemp columns,
      Part part) {
    long places = part.images * part.outRows * shape.ow();
    if (places > 0) {
      long first = (part.image * shape.oh() + part.firstOut) * shape.ow();
      spread(
          shape,
          places(gradOut, shape.o(), first, places),
          weights,
          operand(columns.array(), shape.groups() * shape.row(), shape.row(), false),
          places);
    }
    boolean packed = shape.inGroup() % shape.pack() == 0;
    long perPixel = packed ? shape.c() / shape.pack() : shape.c();
    long steps = part.images * part.rows * shape.w() * perPixel;
    device.launch(
        device.kernel(KernelFile.CONV, shape.type(), packed ? "FOLD_PACKED" : "FOLD"),
        steps,
        shape
            .pack(
                Launch.begin()
                    .array(columns.array())
                    .array(Pools.images(gradX, part.image, part.images))
                    .whole(steps))
            .integer((int) shape.c())
            .integer((int) shape.inGroup())
            .integer(shape.groups())
            .integer((int) shape.row())
            .integer((int) part.firstRow)
            .integer((int) part.rows)
            .integer((int) part.firstOut)
            .integer((int) part.outRows)
            .divisor(perPixel)
            .divisor(shape.w())
            .divisor(part.rows)
            .divisor(shape.inGroup())
            .divisor(shape.args().strideH())
            .divisor(shape.args().strideW()));
  }

  // ---- gradient for weight and bias

  void gradWeight(
      Strided gradOut, Strided x, Conv2dArgs args, Strided gradWeight, Strided gradBias) {
    if (gradOut.numel() == 0) {
      moves.fill(gradWeight, 0);
      if (gradBias != null) {
        moves.fill(gradBias, 0);
      }
      return;
    }
    ConvShape shape = ConvShape.of(x, gradWeight, gradOut, args);
    try (CudaTemp grad = CudaTemp.channelsLast(device, moves, gradOut)) {
      if (gradWeight.numel() > 0) {
        try (CudaTemp input = CudaTemp.channelsLast(device, moves, x)) {
          if (shape.isDepthwise()) {
            depthwise.gradWeight(shape, grad.array(), input.array(), gradWeight);
          } else {
            gradWeight(shape, grad.array(), input.array(), gradWeight);
          }
        }
      }
      if (gradBias != null) {
        sums.ofPlaces(grad.array(), shape.places(), gradBias);
      }
    }
  }

  private void gradWeight(ConvShape shape, Strided gradOut, Strided x, Strided gradWeight) {
    long chunk = placesOfChunk(shape);
    try (CudaTemp columns = columns(shape, chunk);
        CudaTemp rows = weightsOut(shape, gradWeight)) {
      for (long first = 0; first < shape.places(); first += chunk) {
        long count = Math.min(chunk, shape.places() - first);
        Strided part = places(gradOut, shape.o(), first, count);
        blas.gemm(
            shape.type(),
            shape.row(),
            shape.outGroup(),
            count,
            unfolded(shape, x, columns, first, count),
            operand(part, shape.o(), shape.outGroup(), true),
            first == 0 ? 0 : 1,
            factors(shape, rows.array(), false),
            shape.groups());
      }
      if (rows.array() != gradWeight) {
        moves.copy(asWeights(shape, gradWeight, rows.array()), gradWeight);
      }
    }
  }

  private CudaTemp weightsOut(ConvShape shape, Strided gradWeight) {
    return areRows(shape, gradWeight)
        ? CudaTemp.same(gradWeight)
        : CudaTemp.blank(device, shape.type(), shape.o(), shape.row());
  }
}
