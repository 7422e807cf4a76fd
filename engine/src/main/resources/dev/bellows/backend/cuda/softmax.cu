// Softmax, its logarithm, and the gradient of both, along one dimension: out = exp(x − max) / sum.
// Rows, whose elements are contiguous, are processed by a group of threads (part of a warp, or a
// block); element c · N + e of a row, chunk c of N, belongs to thread c mod group. A short row
// stays in registers between the passes, a longer one is read again. Columns, the other case, are
// processed by adjacent threads, with any strides. Chunks are summed in C, and their sums in
// Wide<C>. An infinite maximum gives NaN without a special case: ∞ − ∞.

typedef A::T T;
typedef A::C C;
typedef Wide<C>::S S;

/** Number of elements read at once if possible. */
const int WIDE = 16 / sizeof(T);
/** Number of chunks of a row that a thread keeps, by their width. */
template <int N> struct Kept { static const int K = 4; };
template <> struct Kept<1> { static const int K = 8; };

struct Softmax {
  /** The input of softmax; or the gradient of its result, and the result. */
  Address a;
  Address b;
  Address out;
  /** Number of elements of a row, and their distance in the three arrays. */
  i64 n;
  i64 step[3];
  /** Rows: threads per row. Columns: adjacent threads. */
  int group;
  int log;
  int wide;
  int packed;
  /** a, b and out without the dimension. */
  Walk<3> lanes;
};

struct Add {
  template <class V> DEVICE V both(V a, V b) { return a + b; }
};
struct Max {
  template <class V> DEVICE V both(V a, V b) { return (V)fmax(a, b); }
};

/** Combines the values of a group's threads, in a tree; all of them receive the result. */
template <class Op, class V> DEVICE V together(V mine, int group, Global<V> warps) {
  V v = mine;
  for (int mask = smaller(group, 32) / 2; mask > 0; mask /= 2) {
    v = Op::both(v, __shfl_xor_sync(0xffffffffu, v, mask));
  }
  if (group > 32) {
    int lane = threadIdx.x & 31;
    __syncthreads();
    if (lane == 0) {
      warps[threadIdx.x / 32] = v;
    }
    __syncthreads();
    v = warps[lane & (group / 32 - 1)];
    for (int mask = group / 64; mask > 0; mask /= 2) {
      v = Op::both(v, __shfl_xor_sync(0xffffffffu, v, mask));
    }
  }
  return v;
}

template <int N> DEVICE void load(C* x, Global<T> a, int packed) {
  if (N > 1 && packed) {
    Global<Pack<T, N>> whole = packs<Pack<T, N>>(a);
    Pack<T, N> pack = whole[0];
#pragma unroll
    for (int e = 0; e < N; e++) {
      x[e] = A::load(pack.v[e]);
    }
    return;
  }
#pragma unroll
  for (int e = 0; e < N; e++) {
    T one = a[e];
    x[e] = A::load(one);
  }
}

template <int N> DEVICE void store(const C* x, Global<T> out, int packed) {
  Pack<T, N> pack;
#pragma unroll
  for (int e = 0; e < N; e++) {
    pack.v[e] = A::store(x[e]);
  }
  if (N > 1 && packed) {
    Global<Pack<T, N>> whole = packs<Pack<T, N>>(out);
    whole[0] = pack;
    return;
  }
#pragma unroll
  for (int e = 0; e < N; e++) {
    out[e] = pack.v[e];
  }
}

/** Combines N elements, in a tree; x is overwritten. */
template <class Op, int N> DEVICE C chunk(C* x) {
  if (N == 1) {
    return x[0];
  }
  const int HALF = (N + 1) / 2;
#pragma unroll
  for (int e = 0; e < N / 2; e++) {
    x[e] = Op::both(x[e], x[e + HALF]);
  }
  return chunk<Op, HALF>(x);
}

// exp(x − max), summed before the maximum is known.

struct Running {
  C max;
  S sum;
};

DEVICE C shifted(C x, C max) { return x == -(C)FLOAT_INF ? (C)0 : (C)exp(x - max); }

/** The factor of a sum when its maximum grows. */
DEVICE S grown(C from, C to) { return from == to ? (S)1 : (S)(C)exp(from - to); }

template <int N> DEVICE void take(Running& r, const C* x) {
  C y[N];
#pragma unroll
  for (int e = 0; e < N; e++) {
    y[e] = x[e];
  }
  C max = (C)fmax(r.max, chunk<Max, N>(y));
#pragma unroll
  for (int e = 0; e < N; e++) {
    y[e] = shifted(x[e], max);
  }
  r.sum = r.sum * grown(r.max, max) + (S)chunk<Add, N>(y);
  r.max = max;
}

/** The last operation on each element, once the sum is known. */
struct Last {
  C max;
  C factor;
  C log;
  DEVICE Last of(C max, S sum, int log) {
    Last last;
    last.max = max;
    last.factor = (C)1 / (C)sum;
    last.log = log ? (C)::log((C)sum) : (C)0;
    return last;
  }
};

DEVICE C finished(C x, const Last& last, int log) {
  C y = x - last.max;
  return log ? y - last.log : (C)exp(y) * last.factor;
}

/** The gradient from the gradient g of a result y. */
DEVICE C gradient(C g, C y, C sum, int log) {
  return log ? g - (C)exp(y) * sum : y * (g - sum);
}

/** A row that stays in registers. */
template <int N>
DEVICE void keptRow(
    const Softmax& p, Global<T> a, Global<T> out, int thread, i64 n, Global<C> warps,
    Global<S> sums) {
  const int KEPT = Kept<N>::K;
  C x[KEPT][N];
  C max = -(C)FLOAT_INF;
  i64 stride = (i64)p.group * N;
#pragma unroll
  for (int k = 0; k < KEPT; k++) {
    i64 i = k * stride + thread * N;
#pragma unroll
    for (int e = 0; e < N; e++) {
      x[k][e] = -(C)FLOAT_INF;
    }
    if (i < n) {
      load<N>(x[k], a + i, p.packed);
    }
#pragma unroll
    for (int e = 0; e < N; e++) {
      max = (C)fmax(max, x[k][e]);
    }
  }
  max = together<Max>(max, p.group, warps);
  S sum = 0;
#pragma unroll
  for (int k = 0; k < KEPT; k++) {
    if (k * stride < n) {
      C y[N];
#pragma unroll
      for (int e = 0; e < N; e++) {
        y[e] = (C)exp(x[k][e] - max);
        x[k][e] = p.log ? x[k][e] - max : y[e];
      }
      sum += (S)chunk<Add, N>(y);
    }
  }
  sum = together<Add>(sum, p.group, sums);
  Last last = Last::of(max, sum, p.log);
#pragma unroll
  for (int k = 0; k < KEPT; k++) {
    i64 i = k * stride + thread * N;
    if (i < n) {
#pragma unroll
      for (int e = 0; e < N; e++) {
        x[k][e] = p.log ? x[k][e] - last.log : x[k][e] * last.factor;
      }
      store<N>(x[k], out + i, p.packed);
    }
  }
}

/** Number of chunks of a long row that a thread reads before processing them. */
template <int N> struct Ahead { static const int B = 2; };
template <> struct Ahead<1> { static const int B = 8; };

/** Iterates over a thread's chunks of a row, several at a time as far as possible. */
template <int N, class F, class G>
DEVICE void eachChunk(const Softmax& p, int thread, i64 n, F several, G one) {
  const int B = Ahead<N>::B;
  i64 stride = (i64)p.group * N;
  i64 i = thread * N;
  for (; i + (B - 1) * stride < n; i += B * stride) {
    several(i, stride);
  }
  for (; i < n; i += stride) {
    one(i, stride);
  }
}

/** Loads B chunks of a row. */
template <int B, int N>
DEVICE void loadAll(C* x, Global<T> a, i64 i, i64 stride, int packed) {
#pragma unroll
  for (int b = 0; b < B; b++) {
    load<N>(x + b * N, a + (i + b * stride), packed);
  }
}

template <int B, int N>
DEVICE void storeAll(const C* x, Global<T> out, i64 i, i64 stride, int packed) {
#pragma unroll
  for (int b = 0; b < B; b++) {
    store<N>(x + b * N, out + (i + b * stride), packed);
  }
}

template <int B, int N>
DEVICE void take(Running& r, Global<T> a, i64 i, i64 stride, int packed) {
  C x[B * N];
  loadAll<B, N>(x, a, i, stride, packed);
  take<B * N>(r, x);
}

template <int B, int N>
DEVICE void finish(
    const Last& last, Global<T> a, Global<T> out, i64 i, i64 stride, int packed, int log) {
  C x[B * N];
  loadAll<B, N>(x, a, i, stride, packed);
#pragma unroll
  for (int e = 0; e < B * N; e++) {
    x[e] = finished(x[e], last, log);
  }
  storeAll<B, N>(x, out, i, stride, packed);
}

/** A row that is read twice. */
template <int N>
DEVICE void longRow(
    const Softmax& p, Global<T> a, Global<T> out, int thread, i64 n, Global<C> warps,
    Global<S> sums) {
  const int B = Ahead<N>::B;
  Running r;
  r.max = -(C)FLOAT_INF;
  r.sum = 0;
  eachChunk<N>(
      p, thread, n, [&](i64 i, i64 stride) { take<B, N>(r, a, i, stride, p.packed); },
      [&](i64 i, i64 stride) { take<1, N>(r, a, i, stride, p.packed); });
  C max = together<Max>(r.max, p.group, warps);
  S sum = together<Add>(r.sum * grown(r.max, max), p.group, sums);
  Last last = Last::of(max, sum, p.log);
  eachChunk<N>(
      p, thread, n,
      [&](i64 i, i64 stride) { finish<B, N>(last, a, out, i, stride, p.packed, p.log); },
      [&](i64 i, i64 stride) { finish<1, N>(last, a, out, i, stride, p.packed, p.log); });
}

/** A term of the gradient's sum. */
DEVICE C term(C g, C y, int log) { return log ? g : g * y; }

template <int N>
DEVICE void keptGradient(
    const Softmax& p, Global<T> a, Global<T> b, Global<T> out, int thread, i64 n,
    Global<S> sums) {
  const int KEPT = Kept<N>::K / 2;
  C g[KEPT][N];
  C y[KEPT][N];
  S sum = 0;
  i64 stride = (i64)p.group * N;
#pragma unroll
  for (int k = 0; k < KEPT; k++) {
    i64 i = k * stride + thread * N;
    if (i < n) {
      load<N>(g[k], a + i, p.packed);
      load<N>(y[k], b + i, p.packed);
      C terms[N];
#pragma unroll
      for (int e = 0; e < N; e++) {
        terms[e] = term(g[k][e], y[k][e], p.log);
      }
      sum += (S)chunk<Add, N>(terms);
    }
  }
  C total = (C)together<Add>(sum, p.group, sums);
#pragma unroll
  for (int k = 0; k < KEPT; k++) {
    i64 i = k * stride + thread * N;
    if (i < n) {
#pragma unroll
      for (int e = 0; e < N; e++) {
        g[k][e] = gradient(g[k][e], y[k][e], total, p.log);
      }
      store<N>(g[k], out + i, p.packed);
    }
  }
}

template <int B, int N>
DEVICE S terms(Global<T> a, Global<T> b, i64 i, i64 stride, int packed, int log) {
  C g[B * N];
  C y[B * N];
  loadAll<B, N>(g, a, i, stride, packed);
  if (!log) {
    loadAll<B, N>(y, b, i, stride, packed);
  }
#pragma unroll
  for (int e = 0; e < B * N; e++) {
    g[e] = log ? g[e] : g[e] * y[e];
  }
  return (S)chunk<Add, B * N>(g);
}

template <int B, int N>
DEVICE void gradients(
    C sum, Global<T> a, Global<T> b, Global<T> out, i64 i, i64 stride, int packed, int log) {
  C g[B * N];
  C y[B * N];
  loadAll<B, N>(g, a, i, stride, packed);
  loadAll<B, N>(y, b, i, stride, packed);
#pragma unroll
  for (int e = 0; e < B * N; e++) {
    g[e] = gradient(g[e], y[e], sum, log);
  }
  storeAll<B, N>(g, out, i, stride, packed);
}

template <int N>
DEVICE void longGradient(
    const Softmax& p, Global<T> a, Global<T> b, Global<T> out, int thread, i64 n,
    Global<S> sums) {
  const int B = Ahead<N>::B;
  S sum = 0;
  eachChunk<N>(
      p, thread, n,
      [&](i64 i, i64 stride) { sum += terms<B, N>(a, b, i, stride, p.packed, p.log); },
      [&](i64 i, i64 stride) { sum += terms<1, N>(a, b, i, stride, p.packed, p.log); });
  C total = (C)together<Add>(sum, p.group, sums);
  eachChunk<N>(
      p, thread, n,
      [&](i64 i, i64 stride) { gradients<B, N>(total, a, b, out, i, stride, p.packed, p.log); },
      [&](i64 i, i64 stride) { gradients<1, N>(total, a, b, out, i, stride, p.packed, p.log); });
}

/** Calls f(thread in its group, length, position) for each row; a length of 0 after the last row. */
template <class F> DEVICE void eachRow(const Softmax& p, F f) {
  int group = p.group;
  int mine = threadIdx.x / group;
  // A warp's groups proceed together, since whole warps exchange values.
  int leader = group > 32 ? 0 : (threadIdx.x & ~31) / group;
  int groups = blockDim.x / group;
  i64 rows = p.lanes.numel;
  for (i64 r = (i64)blockIdx.x * groups + leader; r < rows; r += (i64)gridDim.x * groups) {
    i64 row = r + mine - leader;
    f(threadIdx.x & (group - 1), row < rows ? p.n : 0,
      placesOf(p.lanes, smaller(row, rows - 1)));
  }
}

#define FORWARD(NAME, ROW) \
  KERNEL(NAME, Softmax) { \
    SHARED(C, warps, 32); \
    SHARED(S, sums, 32); \
    Global<T> a = as<T>(p.a); \
    Global<T> out = as<T>(p.out); \
    eachRow(p, [&](int thread, i64 n, Places<3> at) { \
      if (p.wide) { \
        ROW<WIDE>(p, a + at.at[0], out + at.at[2], thread, n, warps, sums); \
      } else { \
        ROW<1>(p, a + at.at[0], out + at.at[2], thread, n, warps, sums); \
      } \
    }); \
  }

#define GRADIENT(NAME, ROW) \
  KERNEL(NAME, Softmax) { \
    SHARED(S, sums, 32); \
    Global<T> a = as<T>(p.a); \
    Global<T> b = as<T>(p.b); \
    Global<T> out = as<T>(p.out); \
    eachRow(p, [&](int thread, i64 n, Places<3> at) { \
      if (p.wide) { \
        ROW<WIDE>(p, a + at.at[0], b + at.at[1], out + at.at[2], thread, n, sums); \
      } else { \
        ROW<1>(p, a + at.at[0], b + at.at[1], out + at.at[2], thread, n, sums); \
      } \
    }); \
  }

FORWARD(ROWS_KEPT, keptRow)
FORWARD(ROWS, longRow)
GRADIENT(GRAD_ROWS_KEPT, keptGradient)
GRADIENT(GRAD_ROWS, longGradient)

/** Number of elements of a column that are read before they are processed. */
const int AHEAD = 4;

KERNEL(COLUMNS, Softmax) {
  SHARED(C, maxima, 256);
  SHARED(S, sums, 256);
  Global<T> a = as<T>(p.a);
  Global<T> out = as<T>(p.out);
  int wide = p.group;
  int high = blockDim.x / wide;
  int x = threadIdx.x & (wide - 1);
  int y = threadIdx.x / wide;
  for (i64 first = (i64)blockIdx.x * wide; first < p.lanes.numel; first += (i64)gridDim.x * wide) {
    bool any = first + x < p.lanes.numel;
    Places<3> at = placesOf(p.lanes, smaller(first + x, p.lanes.numel - 1));
    Global<T> from = a + at.at[0];
    Running r;
    r.max = -(C)FLOAT_INF;
    r.sum = 0;
    i64 i = any ? y : p.n;
    for (; i + (AHEAD - 1) * high < p.n; i += AHEAD * high) {
      C v[AHEAD];
#pragma unroll
      for (int e = 0; e < AHEAD; e++) {
        T one = from[(i + e * high) * p.step[0]];
        v[e] = A::load(one);
      }
      take<AHEAD>(r, v);
    }
    for (; i < p.n; i += high) {
      T one = from[i * p.step[0]];
      C v = A::load(one);
      take<1>(r, &v);
    }
    for (int half = high / 2; half > 0; half /= 2) {
      maxima[threadIdx.x] = r.max;
      sums[threadIdx.x] = r.sum;
      __syncthreads();
      if (y < half) {
        C max = maxima[threadIdx.x + half * wide];
        S sum = sums[threadIdx.x + half * wide];
        C both = (C)fmax(r.max, max);
        r.sum = r.sum * grown(r.max, both) + sum * grown(max, both);
        r.max = both;
      }
      __syncthreads();
    }
    if (high > 1) {
      if (y == 0) {
        maxima[x] = r.max;
        sums[x] = r.sum;
      }
      __syncthreads();
      r.max = maxima[x];
      r.sum = sums[x];
      __syncthreads();
    }
    Last last = Last::of(r.max, r.sum, p.log);
    Global<T> to = out + at.at[2];
    i = any ? y : p.n;
    for (; i + (AHEAD - 1) * high < p.n; i += AHEAD * high) {
      T v[AHEAD];
#pragma unroll
      for (int e = 0; e < AHEAD; e++) {
        T one = from[(i + e * high) * p.step[0]];
        v[e] = one;
      }
#pragma unroll
      for (int e = 0; e < AHEAD; e++) {
        to[(i + e * high) * p.step[2]] = A::store(finished(A::load(v[e]), last, p.log));
      }
    }
    for (; i < p.n; i += high) {
      T one = from[i * p.step[0]];
      to[i * p.step[2]] = A::store(finished(A::load(one), last, p.log));
    }
  }
}

KERNEL(GRAD_COLUMNS, Softmax) {
  SHARED(S, sums, 256);
  Global<T> a = as<T>(p.a);
  Global<T> b = as<T>(p.b);
  Global<T> out = as<T>(p.out);
  int wide = p.group;
  int high = blockDim.x / wide;
  int x = threadIdx.x & (wide - 1);
  int y = threadIdx.x / wide;
  for (i64 first = (i64)blockIdx.x * wide; first < p.lanes.numel; first += (i64)gridDim.x * wide) {
    bool any = first + x < p.lanes.numel;
    Places<3> at = placesOf(p.lanes, smaller(first + x, p.lanes.numel - 1));
    Global<T> grads = a + at.at[0];
    Global<T> results = b + at.at[1];
    S sum = 0;
#pragma unroll 4
    for (i64 i = any ? y : p.n; i < p.n; i += high) {
      T g = grads[i * p.step[0]];
      T v = results[i * p.step[1]];
      sum += (S)term(A::load(g), A::load(v), p.log);
    }
    if (high > 1) {
      for (int half = high / 2; half > 0; half /= 2) {
        sums[threadIdx.x] = sum;
        __syncthreads();
        if (y < half) {
          S other = sums[threadIdx.x + half * wide];
          sum += other;
        }
        __syncthreads();
      }
      if (y == 0) {
        sums[x] = sum;
      }
      __syncthreads();
      sum = sums[x];
      __syncthreads();
    }
    Global<T> to = out + at.at[2];
    i64 i = any ? y : p.n;
    for (; i + (AHEAD - 1) * high < p.n; i += AHEAD * high) {
      T g[AHEAD];
      T v[AHEAD];
#pragma unroll
      for (int e = 0; e < AHEAD; e++) {
        T one = grads[(i + e * high) * p.step[0]];
        T other = results[(i + e * high) * p.step[1]];
        g[e] = one;
        v[e] = other;
      }
#pragma unroll
      for (int e = 0; e < AHEAD; e++) {
        to[(i + e * high) * p.step[2]] =
            A::store(gradient(A::load(g[e]), A::load(v[e]), (C)sum, p.log));
      }
    }
    for (; i < p.n; i += high) {
      T g = grads[i * p.step[0]];
      T v = results[i * p.step[1]];
      to[i * p.step[2]] = A::store(gradient(A::load(g), A::load(v), (C)sum, p.log));
    }
  }
}
