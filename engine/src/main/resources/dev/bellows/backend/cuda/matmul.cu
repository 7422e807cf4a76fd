// Matrix products. Products of floating-point types are computed by BLAS, and finished here: out =
// activation(product + bias). Products of integers are computed here, in 64 bits.

struct Finish {
  Address product;
  Address bias;
  Address out;
  i64 numel;
  /** Number of elements of a row, and of the bias. */
  i64 columns;
  int relu;
  /** Whether rows consist of whole packs, and all arrays are aligned for them. */
  int packed;
};

struct FinishAny {
  Address product;
  Address bias;
  Address out;
  i64 relu;
  Walk<3> walk;
};

struct Matrix {
  Address start;
  i64 rowStride;
  i64 columnStride;
  i64 batchStride;
};

struct WholeProduct {
  Matrix a;
  Matrix b;
  Matrix out;
  Address bias;
  i64 biasStride;
  i64 m;
  i64 n;
  i64 k;
  i64 batch;
  i64 columnTiles;
  i64 relu;
};

#ifdef FLOATING

typedef A::T T;
typedef A::C C;

DEVICE C finished(C product, C bias, bool relu) {
  C x = product + bias;
  return relu && x <= 0 ? (C)0 : x;
}

/** For product and out with contiguous rows. */
KERNEL(FINISH, Finish) {
  const int N = 16 / sizeof(T);
  typedef Pack<T, N> P;
  Global<T> product = as<T>(p.product);
  Global<T> bias = as<T>(p.bias);
  Global<T> out = as<T>(p.out);
  bool small = p.numel <= 0xFFFFFFFFll;
  i64 columns = p.packed ? p.columns / N : p.columns;
  i64 n = p.packed ? p.numel / N : p.numel;
  i64 step = globalThreads();
  for (i64 i = globalThread(); i < n; i += step) {
    i64 column = small ? (i64)((u32)i % (u32)columns) : i % columns;
    if (p.packed) {
      P x = packs<P>(product)[i];
      P b = packs<P>(bias)[column];
      for (int e = 0; e < N; e++) {
        x.v[e] = A::store(finished(A::load(x.v[e]), A::load(b.v[e]), p.relu));
      }
      packs<P>(out)[i] = x;
    } else {
      T x = product[i];
      T b = bias[column];
      out[i] = A::store(finished(A::load(x), A::load(b), p.relu));
    }
  }
}

KERNEL(FINISH_ANY, FinishAny) {
  bool relu = p.relu != 0;
  map2<A, A>(
      p.walk, p.product, p.bias, p.out, [&](C x, C b) { return finished(x, b, relu); });
}

#else

#define TILE 64
#define DEPTH 16
#define EACH 4

/** Tiles of TILE × TILE results: 16 × 16 threads, each of which sums EACH × EACH results that
 * are 16 rows and columns apart. For DEPTH steps of the inner dimension at a time, the parts of
 * a and b are loaded to shared memory, along the contiguous dimension. */
KERNEL(PRODUCT, WholeProduct) {
  typedef A::T T;
  SHARED(i64, x, DEPTH * (TILE + 1));
  SHARED(i64, y, DEPTH * (TILE + 1));
  int tx = threadIdx.x % 16;
  int ty = threadIdx.x / 16;
  i64 row0 = (i64)blockIdx.x / p.columnTiles * TILE;
  i64 column0 = (i64)blockIdx.x % p.columnTiles * TILE;
  bool aByColumns = p.a.rowStride < p.a.columnStride;
  bool bByColumns = p.b.rowStride < p.b.columnStride;
  bool works = row0 + ty < p.m && column0 + tx < p.n;
  for (i64 batch = blockIdx.y; batch < p.batch; batch += gridDim.y) {
    Global<T> a = as<T>(p.a.start) + batch * p.a.batchStride;
    Global<T> b = as<T>(p.b.start) + batch * p.b.batchStride;
    Global<T> out = as<T>(p.out.start) + batch * p.out.batchStride;
    u64 sums[EACH][EACH];
    for (int i = 0; i < EACH; i++) {
      for (int j = 0; j < EACH; j++) {
        sums[i][j] = 0;
      }
    }
    for (i64 k0 = 0; k0 < p.k; k0 += DEPTH) {
      for (int t = threadIdx.x; t < DEPTH * TILE; t += 256) {
        int r = aByColumns ? t % TILE : t / DEPTH;
        int d = aByColumns ? t / TILE : t % DEPTH;
        i64 value = 0;
        if (row0 + r < p.m && k0 + d < p.k) {
          T element = a[(row0 + r) * p.a.rowStride + (k0 + d) * p.a.columnStride];
          value = A::load(element);
        }
        x[d * (TILE + 1) + r] = value;
        int c = bByColumns ? t / DEPTH : t % TILE;
        d = bByColumns ? t % DEPTH : t / TILE;
        value = 0;
        if (column0 + c < p.n && k0 + d < p.k) {
          T element = b[(k0 + d) * p.b.rowStride + (column0 + c) * p.b.columnStride];
          value = A::load(element);
        }
        y[d * (TILE + 1) + c] = value;
      }
      __syncthreads();
      int depth = (int)smaller(p.k - k0, (i64)DEPTH);
      for (int d = 0; works && d < depth; d++) {
        u64 xs[EACH];
        u64 ys[EACH];
        for (int e = 0; e < EACH; e++) {
          xs[e] = (u64)(i64)x[d * (TILE + 1) + ty + 16 * e];
          ys[e] = (u64)(i64)y[d * (TILE + 1) + tx + 16 * e];
        }
        for (int i = 0; i < EACH; i++) {
          for (int j = 0; j < EACH; j++) {
            sums[i][j] += xs[i] * ys[j];
          }
        }
      }
      __syncthreads();
    }
    for (int i = 0; i < EACH; i++) {
      for (int j = 0; j < EACH; j++) {
        i64 row = row0 + ty + 16 * i;
        i64 column = column0 + tx + 16 * j;
        if (row < p.m && column < p.n) {
          u64 sum = sums[i][j];
          if (p.bias != nullptr) {
            T shift = as<T>(p.bias)[column * p.biasStride];
            sum += (u64)(i64)A::load(shift);
          }
          i64 value = p.relu && (i64)sum < 0 ? 0 : (i64)sum;
          out[row * p.out.rowStride + column * p.out.columnStride] = A::store(value);
        }
      }
    }
  }
}

#endif
