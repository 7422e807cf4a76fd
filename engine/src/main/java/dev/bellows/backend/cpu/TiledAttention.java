package dev.bellows.backend.cpu;

import dev.bellows.backend.Activation;
import dev.bellows.backend.AttentionArgs;
import dev.bellows.backend.BinaryOp;
import dev.bellows.backend.Kernels;
import dev.bellows.backend.ReduceOp;
import dev.bellows.memory.DType;
import dev.bellows.memory.Memory;
import dev.bellows.memory.Shapes;
import dev.bellows.memory.Storage;
import dev.bellows.memory.Strided;
import java.util.ArrayList;
import java.util.List;

/**
 * Attention by tiles: some queries of one head, or all of several heads, with all keys that they
 * may attend to, so that a tile's scores stay in the cache. Backward computes the weights of a tile
 * again. The tiles depend on sizes only, and each head is computed alike.
 *
 * <p>With g heads and r queries in a tile, the scores are [g, r, keys]. Causal tiles leave out the
 * keys after their last query, in steps of an eighth of all keys, since each number of keys needs
 * separate primitives.
 */
final class TiledAttention {
  /** Bytes of the scores of a tile; backward holds two such arrays. */
  private static final long TILE_BYTES = 256 << 10;

  private static final long LEAST_ROWS = 16;
  private static final long KEY_STEPS = 8;
  private static final int BYTES = 4;

  private final Kernels kernels;
  private final Strided q;
  private final Strided k;
  private final Strided v;
  private final Strided mask;
  private final AttentionArgs args;
  private final long queries;
  private final long keys;
  private final long rows;
  private final long heads;

  /** Takes the arguments of {@link Kernels#attention}, of FLOAT32. */
  TiledAttention(
      Kernels kernels, Strided q, Strided k, Strided v, Strided mask, AttentionArgs args) {
    this.kernels = kernels;
    this.q = q;
    this.k = k;
    this.v = v;
    this.mask = mask;
    this.args = args;
    this.queries = q.size(2);
    this.keys = k.size(2);
    this.rows = Math.min(queries, Math.max(LEAST_ROWS, TILE_BYTES / (BYTES * keys)));
    this.heads = rows < queries ? 1 : divisor(q.size(1), TILE_BYTES / (BYTES * rows * keys));
  }

  /** Returns the greatest divisor of n that is at most {@code most}, at least 1. */
  private static long divisor(long n, long most) {
    for (long d = Math.min(n, most); d > 1; d--) {
      if (n % d == 0) {
        return d;
      }
    }
    return 1;
  }

  void forward(Strided out) {
    try (Buffer scores = new Buffer(heads * rows * keys);
        Buffer scaled = new Buffer(heads * rows * q.size(3));
        Buffer masked = new Buffer(args.causal() ? keys : 0)) {
      masked.fill(Float.NEGATIVE_INFINITY);
      for (Tile tile : tiles()) {
        Strided weights = weights(tile, scores, scaled, masked);
        product(weights, tile.keys(v), tile.queries(out));
      }
    }
  }

  void backward(Strided gradOut, Strided gradQ, Strided gradK, Strided gradV) {
    boolean alone = rows == queries && (!args.causal() || keys <= queries);
    if (!alone) {
      kernels.fill(gradK, 0);
      kernels.fill(gradV, 0);
    }
    try (Buffer scores = new Buffer(heads * rows * keys);
        Buffer grads = new Buffer(heads * rows * keys);
        Buffer scaled = new Buffer(heads * rows * q.size(3));
        Buffer part = new Buffer(alone ? 0 : heads * keys * Math.max(q.size(3), v.size(3)));
        Buffer masked = new Buffer(args.causal() ? keys : 0)) {
      masked.fill(Float.NEGATIVE_INFINITY);
      for (Tile tile : tiles()) {
        Strided weights = weights(tile, scores, scaled, masked);
        Strided grad = tile.queries(gradOut);
        add(weights.transposed(), grad, tile.keys(gradV), part, alone);
        Strided gradWeights = grads.array(tile.heads, tile.rows, tile.keys);
        product(grad, tile.keys(v).transposed(), gradWeights);
        kernels.softmaxGrad(gradWeights, weights, 2, false, gradWeights);
        Strided to = tile.queries(gradQ);
        product(gradWeights, tile.keys(k), to);
        kernels.binaryScalar(BinaryOp.MUL, to, args.scale(), to);
        Strided left = scaled.array(tile.heads, tile.rows, q.size(3));
        add(gradWeights.transposed(), left, tile.keys(gradK), part, alone);
      }
    }
  }

  private void product(Strided a, Strided b, Strided out) {
    kernels.matmul(a, b, null, Activation.NONE, out);
  }

  /** Adds a product to a result, or writes it where there is one tile for all queries. */
  private void add(Strided a, Strided b, Strided out, Buffer part, boolean alone) {
    if (alone) {
      product(a, b, out);
      return;
    }
    Strided sum = part.array(out.size(0), out.size(1), out.size(2));
    product(a, b, sum);
    kernels.binary(BinaryOp.ADD, out, sum, out);
  }

  /** Computes softmax(q · kᵀ · scale + mask) of a tile; leaves q · scale in a buffer. */
  private Strided weights(Tile tile, Buffer scores, Buffer scaled, Buffer masked) {
    Strided left = scaled.array(tile.heads, tile.rows, q.size(3));
    kernels.binaryScalar(BinaryOp.MUL, tile.queries(q), args.scale(), left);
    Strided x = scores.array(tile.heads, tile.rows, tile.keys);
    product(left, tile.keys(k).transposed(), x);
    if (args.causal()) {
      hideLaterKeys(tile, x, masked);
    }
    List<Long> none = mask == null ? List.of() : hideMasked(tile, x);
    kernels.softmax(x, 2, false, x);
    none.forEach(row -> clear(x, row));
    return x;
  }

  private static void hideLaterKeys(Tile tile, Strided x, Buffer masked) {
    for (long row = 0; row < tile.heads * tile.rows; row++) {
      long first = tile.row + row % tile.rows + 1;
      if (first < tile.keys) {
        long address = x.address() + BYTES * (row * tile.keys + first);
        Memory.copy(masked.address(), address, BYTES * (tile.keys - first));
      }
    }
  }

  /** Applies the mask and returns the rows that may attend to nothing, whose scores become 0. */
  private List<Long> hideMasked(Tile tile, Strided x) {
    Strided allowed = tile.scores(mask);
    List<Long> none = new ArrayList<>();
    try (Buffer one = new Buffer(1);
        Buffer largest = new Buffer(tile.heads * tile.rows)) {
      if (mask.dtype() == DType.BOOL) {
        one.fill(Float.NEGATIVE_INFINITY);
        Strided hidden = one.array(1, 1, 1).with(x.sizes(), new long[3], 0);
        kernels.where(allowed, x, hidden, x);
      } else {
        kernels.binary(BinaryOp.ADD, x, allowed, x);
      }
      kernels.reduce(ReduceOp.MAX, x, largest.array(tile.heads, tile.rows, 1));
      for (long row = 0; row < tile.heads * tile.rows; row++) {
        if (Memory.getFloat(largest.address() + BYTES * row) == Float.NEGATIVE_INFINITY) {
          none.add(row);
          clear(x, row);
        }
      }
    }
    return none;
  }

  private static void clear(Strided x, long row) {
    long bytes = BYTES * x.size(2);
    Memory.set(x.address() + row * bytes, bytes, (byte) 0);
  }

  private List<Tile> tiles() {
    long step = Math.max(1, (keys + KEY_STEPS - 1) / KEY_STEPS);
    List<Tile> tiles = new ArrayList<>();
    for (long n = 0; n < q.size(0); n++) {
      for (long head = 0; head < q.size(1); head += heads) {
        for (long row = 0; row < queries; row += rows) {
          long last = Math.min(queries, row + rows);
          long seen = args.causal() ? Math.min(keys, (last + step - 1) / step * step) : keys;
          tiles.add(new Tile(n, head, heads, row, last - row, seen));
        }
      }
    }
    return tiles;
  }

  /** Some queries of some heads, and the first keys. */
  private record Tile(long n, long head, long heads, long row, long rows, long keys) {
    /** Returns this tile's queries of an array [n, h, l, ..]. */
    Strided queries(Strided a) {
      return part(a, row, rows, a.size(3));
    }

    /** Returns this tile's keys of an array [n, h, s, ..]. */
    Strided keys(Strided a) {
      return part(a, 0, keys, a.size(3));
    }

    /** Returns this tile's part of an array [n, h, l, s]. */
    Strided scores(Strided a) {
      return part(a, row, rows, keys);
    }

    private Strided part(Strided a, long first, long count, long columns) {
      return a.with(
          new long[] {heads, count, columns},
          new long[] {a.stride(1), a.stride(2), a.stride(3)},
          a.offset() + n * a.stride(0) + head * a.stride(1) + first * a.stride(2));
    }
  }

  /** Memory of the pool for arrays of FLOAT32. */
  private static final class Buffer implements AutoCloseable {
    private final Storage storage;
    private final long count;

    Buffer(long count) {
      this.count = count;
      this.storage = Storage.allocate(Math.max(1, BYTES * count));
    }

    long address() {
      return storage.address();
    }

    Strided array(long... sizes) {
      assert Shapes.numel(sizes) <= count;
      return new Strided(storage, DType.FLOAT32, sizes, Shapes.contiguousStrides(sizes), 0);
    }

    void fill(float value) {
      for (long i = 0; i < count; i++) {
        Memory.putFloat(storage.address() + BYTES * i, value);
      }
    }

    @Override
    public void close() {
      storage.release();
    }
  }
}
