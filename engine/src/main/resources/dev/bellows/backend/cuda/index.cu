// Gather and scatter at positions given by an index array. An index out of bounds is recorded, and
// its element skipped.

typedef A::T T;
typedef A::C C;

const int WIDE = 16 / sizeof(T);

struct Gather {
  Address a;
  Address index;
  Address out;
  Address fault;
  /** Distance between positions of a, and their number. */
  i64 jump;
  i64 limit;
  int detail;
  /** Whether each step moves a pack of adjacent elements with one index. */
  int packed;
  /** a at its first position, index, out. */
  Walk<3> walk;
};

DEVICE bool inBounds(i64 place, i64 limit) { return (u64)place < (u64)limit; }

template <class V> DEVICE void gather(const Gather& p) {
  Global<i64> index = as<i64>(p.index);
  i64 step = globalThreads();
  for (i64 i = globalThread(); i < p.walk.numel; i += step) {
    Places<3> at = placesOf(p.walk, i);
    i64 place = index[at.at[1]];
    if (!inBounds(place, p.limit)) {
      report(p.fault, FAULT_INDEX, p.detail, place, p.limit);
      continue;
    }
    Global<V> from = packs<V>(as<T>(p.a) + (at.at[0] + place * p.jump));
    Global<V> to = packs<V>(as<T>(p.out) + at.at[2]);
    V value = from[0];
    to[0] = value;
  }
}

KERNEL(GATHER, Gather) {
  if (p.packed) {
    gather<Pack<T, WIDE>>(p);
  } else {
    gather<T>(p);
  }
}

// Scatter iterates along a dimension in order, in each of its lanes. Lanes never write to the same
// element. A thread owns the positions of its lanes whose lowest bits are its own, so that it
// processes all writes to a position, in order.

struct Scatter {
  Address src;
  Address index;
  Address out;
  Address fault;
  /** Number of elements of a lane, and the distance between them. */
  i64 n;
  i64 stepSrc;
  i64 stepIndex;
  /** Distance between positions of out, and their number. */
  i64 jump;
  i64 limit;
  int op;
  int detail;
  int packed;
  /** Together: number of adjacent threads. Each: number of threads among which a lane's
   * positions are divided. */
  int spread;
  /** src, index, out without the dimension. */
  Walk<3> lanes;
};

// How elements are combined; Indexing.code passes it.
#define SCATTER_SET 0
#define SCATTER_ADD 1
#define SCATTER_MUL 2
#define SCATTER_MAX 3

DEVICE T combined(int op, T old, T value) {
  C x = A::load(old);
  C y = A::load(value);
  switch (op) {
    case SCATTER_ADD:
      return A::store((C)(x + y));
    case SCATTER_MUL:
      return A::store((C)(x * y));
    case SCATTER_MAX:
      return A::store(maximum(x, y));
    default:
      return A::store(minimum(x, y));
  }
}

template <int N> DEVICE void put(int op, Global<T> to, Global<T> from) {
  if (N == 1) {
    T value = from[0];
    if (op != SCATTER_SET) {
      T old = to[0];
      value = combined(op, old, value);
    }
    to[0] = value;
    return;
  }
  Global<Pack<T, N>> all = packs<Pack<T, N>>(to);
  Global<Pack<T, N>> news = packs<Pack<T, N>>(from);
  Pack<T, N> value = news[0];
  if (op != SCATTER_SET) {
    Pack<T, N> old = all[0];
#pragma unroll
    for (int e = 0; e < N; e++) {
      value.v[e] = combined(op, old.v[e], value.v[e]);
    }
  }
  all[0] = value;
}

/** Number of indices that a thread checks before its block processes the matches. */
const int LOOKS = 4;

template <int N>
DEVICE void together(
    const Scatter& p, Global<int> counts, Global<int> found, Global<i64> places) {
  Global<i64> index = as<i64>(p.index);
  Global<T> src = as<T>(p.src);
  Global<T> out = as<T>(p.out);
  int wide = p.spread;
  int x = threadIdx.x & (wide - 1);
  i64 y = threadIdx.x / wide;
  int warp = threadIdx.x / 32;
  int lane = threadIdx.x & 31;
  // Bits of a position: first the block, then the row of the block's threads.
  i64 buckets = gridDim.y;
  i64 owners = buckets * (blockDim.x / wide);
  i64 owner = blockIdx.y + buckets * y;
  i64 first = (i64)blockIdx.x * wide;
  bool any = first + x < p.lanes.numel;
  Places<3> shared = placesOf(p.lanes, first);
  Places<3> own = placesOf(p.lanes, any ? first + x : first);
  Global<i64> indices = index + shared.at[1];
  Global<T> from = src + own.at[0];
  Global<T> to = out + own.at[2];
  i64 tile = (i64)blockDim.x * LOOKS;
  for (i64 start = 0; start < p.n; start += tile) {
    i64 place[LOOKS];
    u32 mine[LOOKS];
#pragma unroll
    for (int k = 0; k < LOOKS; k++) {
      i64 i = start + k * blockDim.x + threadIdx.x;
      place[k] = 0;
      if (i < p.n) {
        i64 one = indices[i * p.stepIndex];
        place[k] = one;
      }
    }
#pragma unroll
    for (int k = 0; k < LOOKS; k++) {
      bool is = start + k * blockDim.x + threadIdx.x < p.n;
      if (is && !inBounds(place[k], p.limit)) {
        report(p.fault, FAULT_INDEX, p.detail, place[k], p.limit);
        is = false;
      }
      is = is && (place[k] & (buckets - 1)) == blockIdx.y;
      mine[k] = __ballot_sync(0xffffffffu, is);
      if (lane == 0) {
        counts[k * 8 + warp] = __popc(mine[k]);
      }
    }
    __syncthreads();
    // 32 counts, in the order of the indices: each warp computes the prefix sums.
    int count = counts[lane];
    int sum = count;
    for (int d = 1; d < 32; d *= 2) {
      int other = __shfl_up_sync(0xffffffffu, sum, d);
      sum += lane >= d ? other : 0;
    }
    int total = __shfl_sync(0xffffffffu, sum, 31);
#pragma unroll
    for (int k = 0; k < LOOKS; k++) {
      int offset = __shfl_sync(0xffffffffu, sum - count, k * 8 + warp);
      if ((mine[k] >> lane & 1) != 0) {
        int number = offset + __popc(mine[k] & ((1u << lane) - 1));
        found[number] = k * blockDim.x + threadIdx.x;
        places[number] = place[k];
      }
    }
    __syncthreads();
    int e = any ? -1 : total;
    for (;;) {
      i64 at = 0;
      do {
        e++;
        if (e < total) {
          at = places[e];
        }
      } while (e < total && (at & (owners - 1)) != owner);
      if (e >= total) {
        break;
      }
      int i = found[e];
      put<N>(p.op, to + at * p.jump, from + (start + i) * p.stepSrc);
    }
    __syncthreads();
  }
}

/** Blocks of 256 threads, each for some lanes with the same index, and some of their positions. */
KERNEL(SCATTER_TOGETHER, Scatter) {
  SHARED(int, counts, 32);
  SHARED(int, found, 256 * LOOKS);
  SHARED(i64, places, 256 * LOOKS);
  if (p.packed) {
    together<WIDE>(p, counts, found, places);
  } else {
    together<1>(p, counts, found, places);
  }
}

/** One thread for some positions of one lane. */
KERNEL(SCATTER_EACH, Scatter) {
  Global<i64> index = as<i64>(p.index);
  Global<T> src = as<T>(p.src);
  Global<T> out = as<T>(p.out);
  i64 lanes = p.lanes.numel;
  for (i64 t = globalThread(); t < lanes * p.spread; t += globalThreads()) {
    i64 owner = t / lanes;
    Places<3> at = placesOf(p.lanes, t - owner * lanes);
    Global<i64> indices = index + at.at[1];
    for (i64 start = 0; start < p.n; start += LOOKS) {
      i64 place[LOOKS];
#pragma unroll
      for (int k = 0; k < LOOKS; k++) {
        place[k] = owner;
        if (start + k < p.n) {
          i64 one = indices[(start + k) * p.stepIndex];
          place[k] = one;
        }
      }
#pragma unroll
      for (int k = 0; k < LOOKS; k++) {
        if (start + k >= p.n) {
          break;
        }
        if (!inBounds(place[k], p.limit)) {
          report(p.fault, FAULT_INDEX, p.detail, place[k], p.limit);
        } else if ((place[k] & (p.spread - 1)) == owner) {
          put<1>(p.op, out + (at.at[2] + place[k] * p.jump),
                 src + (at.at[0] + (start + k) * p.stepSrc));
        }
      }
    }
  }
}
