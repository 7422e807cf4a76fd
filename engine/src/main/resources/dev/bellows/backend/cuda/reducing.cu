// Loops of reductions: out[r] = the terms of r, combined by an operation. The suffix of a kernel's
// name says how its threads share the work:
//   _ROWS     adjacent threads take adjacent terms. A group of threads (part of a warp, or a block)
//             computes one result from chunks of terms: chunk c belongs to thread c mod group.
//   _COLUMNS  adjacent threads take adjacent results, and the block's rows of threads divide the
//             terms: for terms that are further apart in memory than results.
//   _FINISH   if there are too few results to keep a device busy, each blockIdx.y takes a share of
//             the terms, and this kernel combines the results of the shares.
// The order in which terms are combined depends on sizes and strides only: a chunk is WIDE if
// strides allow it, and is read at once if the address allows that too.

/** Number of elements read at once if possible. */
const int WIDE = sizeof(T) == 1 ? 8 : 16 / sizeof(T);

struct Reduce {
  Address a;
  Address out;
  /** Results of shares; those of one result are adjacent. */
  Address parts;
  /** A row's terms: contiguous runs, their length and distance. */
  i64 run;
  i64 step;
  /** Number of chunks (for columns: terms) of a result, and of a share. */
  i64 chunks;
  i64 share;
  int shares;
  /** Rows: threads per result. Columns: adjacent threads. */
  int group;
  int wide;
  int packed;
  /** out and a without the reduced dimensions. */
  Walk<2> results;
  /** Rows: a's runs. Columns: all terms. */
  Walk<1> terms;
};

template <class S> DEVICE S otherLane(S x, int mask) {
  return __shfl_xor_sync(0xffffffffu, x, mask);
}
template <class V> DEVICE Best<V> otherLane(Best<V> x, int mask) {
  Best<V> other;
  other.value = __shfl_xor_sync(0xffffffffu, x.value, mask);
  other.place = __shfl_xor_sync(0xffffffffu, x.place, mask);
  return other;
}

#ifdef FLOATING
#define LOWEST (-(C)FLOAT_INF)
#define HIGHEST ((C)FLOAT_INF)
DEVICE C largest(C a, C b) { return isNan(a) || isNan(b) ? a + b : (C)fmax(a, b); }
DEVICE C smallest(C a, C b) { return isNan(a) || isNan(b) ? a + b : (C)fmin(a, b); }
#else
#define LOWEST ((T)-1 < 0 ? (i64)(~0ull << (8 * sizeof(T) - 1)) : 0ll)
#define HIGHEST ((T)-1 < 0 ? ~LOWEST : 0xFFll)
DEVICE C largest(C a, C b) { return larger(a, b); }
DEVICE C smallest(C a, C b) { return smaller(a, b); }
#endif

struct Largest {
  typedef C S;
  typedef T R;
  DEVICE S none() { return LOWEST; }
  DEVICE S of(C x, i64) { return x; }
  DEVICE S both(S a, S b) { return largest(a, b); }
  DEVICE R store(S s) { return A::store(s); }
};

struct Smallest {
  typedef C S;
  typedef T R;
  DEVICE S none() { return HIGHEST; }
  DEVICE S of(C x, i64) { return x; }
  DEVICE S both(S a, S b) { return smallest(a, b); }
  DEVICE R store(S s) { return A::store(s); }
};

struct Any {
  typedef int S;
  typedef u8 R;
  DEVICE S none() { return 0; }
  DEVICE S of(C x, i64) { return x != 0; }
  DEVICE S both(S a, S b) { return a | b; }
  DEVICE R store(S s) { return (u8)s; }
};

struct All {
  typedef int S;
  typedef u8 R;
  DEVICE S none() { return 1; }
  DEVICE S of(C x, i64) { return x != 0; }
  DEVICE S both(S a, S b) { return a & b; }
  DEVICE R store(S s) { return (u8)s; }
};

/** The first of the maxima (or minima), or the first NaN. */
template <bool MAX> struct First : Placed {
  DEVICE S both(S a, S b) {
    bool nanA = isNan(a.value);
    bool nanB = isNan(b.value);
    bool better = nanB && !nanA || (MAX ? b.value > a.value : b.value < a.value);
    bool equal = nanA == nanB && (nanA || a.value == b.value);
    bool swap = b.place >= 0 && (a.place < 0 || !nanA && better || equal && b.place < a.place);
    return chosen(a, b, swap);
  }
};

template <class Op>
DEVICE void finished(const Reduce& p, i64 result, i64 place, typename Op::S s) {
  if (p.shares > 1) {
    Global<typename Op::S> parts = as<typename Op::S>(p.parts);
    parts[result * p.shares + blockIdx.y] = s;
    return;
  }
  Global<typename Op::R> out = as<typename Op::R>(p.out);
  out[place] = Op::store(s);
}

/** Combines the values of a group's threads, in a tree; the group's first thread receives the
 * result. */
template <class Op>
DEVICE typename Op::S together(typename Op::S mine, int group, Global<typename Op::S> warps) {
  typedef typename Op::S S;
  S s = mine;
  for (int mask = smaller(group, 32) / 2; mask > 0; mask /= 2) {
    s = Op::both(s, otherLane(s, mask));
  }
  if (group > 32) {
    int lane = threadIdx.x & 31;
    if (lane == 0) {
      warps[threadIdx.x / 32] = s;
    }
    __syncthreads();
    if (threadIdx.x < 32) {
      S all = Op::none();
      if (lane < group / 32) {
        all = warps[lane];
      }
      for (int mask = group / 64; mask > 0; mask /= 2) {
        all = Op::both(all, otherLane(all, mask));
      }
      s = all;
    }
    __syncthreads();
  }
  return s;
}

/** Combines n of N adjacent terms, in a tree. */
template <class Op, int N>
DEVICE typename Op::S chunk(Global<T> a, i64 step, int n, int packed, i64 place) {
  typedef typename Op::S S;
  S s[N];
  if (N > 1 && packed && n >= N) {
    Global<Pack<T, N>> whole = packs<Pack<T, N>>(a);
    Pack<T, N> x = whole[0];
#pragma unroll
    for (int e = 0; e < N; e++) {
      s[e] = Op::of(A::load(x.v[e]), place + e);
    }
  } else {
#pragma unroll
    for (int e = 0; e < N; e++) {
      s[e] = Op::none();
      if (e < n) {
        T x = a[e * step];
        s[e] = Op::of(A::load(x), place + e);
      }
    }
  }
#pragma unroll
  for (int half = N / 2; half > 0; half /= 2) {
#pragma unroll
    for (int e = 0; e < half; e++) {
      s[e] = Op::both(s[e], s[e + half]);
    }
  }
  return s[0];
}

/** Combines the terms of a row that belong to one thread. */
template <class Op, int N>
DEVICE typename Op::S taken(const Reduce& p, Global<T> row, int thread) {
  typedef typename Op::S S;
  i64 from = (i64)blockIdx.y * p.share;
  i64 to = smaller(p.chunks, from + p.share);
  i64 c = from + thread;
  S sum = Op::none();
  if (p.terms.numel == 1) {
    i64 width = N * p.step;
    i64 whole = smaller(to, p.run / N);
    for (; c + 3 * p.group < whole; c += 4 * p.group) {
      S s[4];
#pragma unroll
      for (int k = 0; k < 4; k++) {
        i64 at = c + k * p.group;
        s[k] = chunk<Op, N>(row + at * width, p.step, N, p.packed, at * N);
      }
      sum = Op::both(sum, Op::both(Op::both(s[0], s[1]), Op::both(s[2], s[3])));
    }
    for (; c < to; c += p.group) {
      int n = (int)smaller((i64)N, p.run - c * N);
      sum = Op::both(sum, chunk<Op, N>(row + c * width, p.step, n, p.packed, c * N));
    }
    return sum;
  }
  u32 each = (u32)((p.run + N - 1) / N);
#pragma unroll 1
  for (; c < to; c += p.group) {
    i64 segment = p.chunks <= 0xFFFFFFFFll ? (i64)((u32)c / each) : c / each;
    i64 i = (c - segment * each) * N;
    i64 at = segment * p.terms.strides[0][0];
    if (p.terms.dims > 1) {
      Places<1> place = placesOf(p.terms, segment);
      at = place.at[0];
    }
    int n = (int)smaller((i64)N, p.run - i);
    sum = Op::both(sum, chunk<Op, N>(row + (at + i * p.step), p.step, n, p.packed, 0));
  }
  return sum;
}

template <class Op> DEVICE void rows(const Reduce& p) {
  typedef typename Op::S S;
  SHARED(S, warps, 32);
  Global<T> a = as<T>(p.a);
  int group = p.group;
  int thread = threadIdx.x & (group - 1);
  int mine = threadIdx.x / group;
  // A warp's groups proceed together, since whole warps exchange values.
  int leader = group > 32 ? 0 : (threadIdx.x & ~31) / group;
  int groups = blockDim.x / group;
  i64 results = p.results.numel;
  for (i64 r = (i64)blockIdx.x * groups + leader; r < results; r += (i64)gridDim.x * groups) {
    i64 result = r + mine - leader;
    S s = Op::none();
    Places<2> at = placesOf(p.results, smaller(result, results - 1));
    if (result < results) {
      Global<T> row = a + at.at[1];
      s = p.wide ? taken<Op, WIDE>(p, row, thread) : taken<Op, 1>(p, row, thread);
    }
    s = together<Op>(s, group, warps);
    if (thread == 0 && result < results) {
      finished<Op>(p, result, at.at[0], s);
    }
  }
}

/** Adds a term to each of N adjacent results. */
template <class Op, int N>
DEVICE void add(typename Op::S* sum, Global<T> a, int packed, i64 t) {
  Pack<T, N> term;
  if (N > 1 && packed) {
    Global<Pack<T, N>> whole = packs<Pack<T, N>>(a);
    term = whole[0];
  } else {
#pragma unroll
    for (int e = 0; e < N; e++) {
      T one = a[e];
      term.v[e] = one;
    }
  }
#pragma unroll
  for (int e = 0; e < N; e++) {
    sum[e] = Op::both(sum[e], Op::of(A::load(term.v[e]), t));
  }
}

template <class Op, int N>
DEVICE void columnsOf(const Reduce& p, Global<typename Op::S> shared) {
  typedef typename Op::S S;
  Global<T> a = as<T>(p.a);
  int wide = p.group;
  int high = blockDim.x / wide;
  int x = threadIdx.x & (wide - 1);
  int y = threadIdx.x / wide;
  i64 from = (i64)blockIdx.y * p.share;
  i64 to = smaller(p.chunks, from + p.share);
  i64 results = p.results.numel;
  i64 tile = (i64)wide * N;
  i64 beside = N == 1 || p.results.flat != 0 ? 1 : p.results.strides[0][p.results.dims - 1];
  for (i64 r = blockIdx.x * tile; r < results; r += gridDim.x * tile) {
    i64 result = r + x * N;
    S sum[N];
#pragma unroll
    for (int e = 0; e < N; e++) {
      sum[e] = Op::none();
    }
    Places<2> place = placesOf(p.results, smaller(result, results - 1));
    if (result < results) {
      Global<T> column = a + place.at[1];
      if (p.terms.dims <= 1) {
#pragma unroll 4
        for (i64 t = from + y; t < to; t += high) {
          add<Op, N>(sum, column + t * p.step, p.packed, t);
        }
      } else {
#pragma unroll 1
        for (i64 t = from + y; t < to; t += high) {
          Places<1> at = placesOf(p.terms, t);
          add<Op, N>(sum, column + at.at[0], p.packed, t);
        }
      }
    }
    for (int half = high / 2; half > 0; half /= 2) {
      if (y >= half && y < 2 * half) {
#pragma unroll
        for (int e = 0; e < N; e++) {
          shared[(e * half + y - half) * wide + x] = sum[e];
        }
      }
      __syncthreads();
      if (y < half) {
#pragma unroll
        for (int e = 0; e < N; e++) {
          S other = shared[(e * half + y) * wide + x];
          sum[e] = Op::both(sum[e], other);
        }
      }
      __syncthreads();
    }
    if (y == 0 && result < results) {
#pragma unroll
      for (int e = 0; e < N; e++) {
        finished<Op>(p, result + e, place.at[0] + e * beside, sum[e]);
      }
    }
  }
}

template <class Op, int N> DEVICE void columns(const Reduce& p) {
  typedef typename Op::S S;
  SHARED(S, shared, 128 * N);
  if (N > 1 && p.wide) {
    columnsOf<Op, N>(p, shared);
  } else {
    columnsOf<Op, 1>(p, shared);
  }
}

/** One warp per result. */
template <class Op> DEVICE void finish(const Reduce& p) {
  typedef typename Op::S S;
  Global<S> parts = as<S>(p.parts);
  Global<typename Op::R> out = as<typename Op::R>(p.out);
  int lane = threadIdx.x & 31;
  for (i64 r = globalThread() / 32; r < p.results.numel; r += globalThreads() / 32) {
    S s = Op::none();
    for (int k = lane; k < p.shares; k += 32) {
      S part = parts[r * p.shares + k];
      s = Op::both(s, part);
    }
    for (int mask = 16; mask > 0; mask /= 2) {
      s = Op::both(s, otherLane(s, mask));
    }
    if (lane == 0) {
      Places<2> at = placesOf(p.results, r);
      out[at.at[0]] = Op::store(s);
    }
  }
}

/** Kernels of an operation; WIDTH is the number of adjacent results per thread by columns. */
#define REDUCTION(NAME, WIDTH, ...) \
  KERNEL(NAME##_ROWS, Reduce) { rows<__VA_ARGS__>(p); } \
  KERNEL(NAME##_COLUMNS, Reduce) { columns<__VA_ARGS__, WIDTH>(p); } \
  KERNEL(NAME##_FINISH, Reduce) { finish<__VA_ARGS__>(p); }
