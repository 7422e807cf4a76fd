// Cumulative results along one dimension: out[i] = a[0] op … op a[i], or starting from the last
// element. The suffix of a kernel's name says how its threads share the work:
//   _ROWS     a warp or a block processes a lane, tile by tile: each thread has ITEMS adjacent
//             elements, and receives their prefix from the threads before it.
//   _COLUMNS  adjacent threads process adjacent lanes.
//   _CARRIES  if there are too few lanes to keep a device busy, each is divided into segments: a
//             first launch computes their totals, this one converts them to the prefix of each
//             segment, and a last launch starts from there.
// The order in which elements are combined depends on sizes and strides only.

/** Number of elements of each tile per thread. */
const int ITEMS = sizeof(T) <= 2 ? 8 : 4;

struct Scan {
  Address a;
  Address out;
  /** One per segment; those of a lane are adjacent. */
  Address totals;
  /** Number of elements of a lane, and their distance in a and out. */
  i64 n;
  i64 stepA;
  i64 stepOut;
  /** Number of elements of a segment; for rows, a multiple of a tile's. */
  i64 length;
  i64 segments;
  int group;
  int reverse;
  int onlyTotals;
  int packed;
  /** a and out without the dimension. */
  Walk<2> lanes;
};

template <class S> DEVICE S fromBefore(S x, int lanes) {
  return __shfl_up_sync(0xffffffffu, x, lanes);
}
template <class V> DEVICE Best<V> fromBefore(Best<V> x, int lanes) {
  Best<V> other;
  other.value = __shfl_up_sync(0xffffffffu, x.value, lanes);
  other.place = __shfl_up_sync(0xffffffffu, x.place, lanes);
  return other;
}
template <class S> DEVICE S fromLast(S x) { return __shfl_sync(0xffffffffu, x, 31); }
template <class V> DEVICE Best<V> fromLast(Best<V> x) {
  Best<V> other;
  other.value = __shfl_sync(0xffffffffu, x.value, 31);
  other.place = __shfl_sync(0xffffffffu, x.place, 31);
  return other;
}

struct LogAddExp {
  typedef double S;
  typedef T R;
  DEVICE S none() { return -DOUBLE_INF; }
  DEVICE S of(C x, i64) { return (double)x; }
  DEVICE S both(S a, S b) {
    double high = maximum(a, b);
    double low = minimum(a, b);
    bool infinite = high == DOUBLE_INF || high == -DOUBLE_INF;
    return infinite && high == low ? high : high + log1p(exp(low - high)); // ∞ − ∞ is NaN
  }
  DEVICE R store(S s) { return A::store(s); }
};

/** The last of the maxima (or minima) so far, or the last NaN. */
template <bool MAX> struct Latest : Placed {
  DEVICE S both(S a, S b) {
    bool wins = isNan(b.value) || !isNan(a.value) && (MAX ? b.value >= a.value : b.value <= a.value);
    bool swap = b.place >= 0 && (a.place < 0 || wins);
    return chosen(a, b, swap);
  }
};

/** Computes the prefix results of a warp's lanes. */
template <class Op> DEVICE typename Op::S running(typename Op::S mine) {
  typename Op::S s = mine;
  int lane = threadIdx.x & 31;
#pragma unroll 1
  for (int d = 1; d < 32; d *= 2) {
    typename Op::S other = fromBefore(s, d);
    if (lane >= d) {
      s = Op::both(other, s);
    }
  }
  return s;
}

/** Loads elements start, start + 1 … of a lane, in its direction; those from end on are neutral. */
template <class Op>
DEVICE void load(const Scan& p, Global<T> lane, i64 start, i64 end, typename Op::S* v) {
  if (p.packed && start < end) {
    i64 first = p.reverse ? p.n - start - ITEMS : start;
    Global<Pack<T, ITEMS>> whole = packs<Pack<T, ITEMS>>(lane + first);
    Pack<T, ITEMS> x = whole[0];
#pragma unroll
    for (int k = 0; k < ITEMS; k++) {
      T one = p.reverse ? x.v[ITEMS - 1 - k] : x.v[k];
      v[k] = Op::of(A::load(one), start + k);
    }
    return;
  }
#pragma unroll
  for (int k = 0; k < ITEMS; k++) {
    i64 i = start + k;
    v[k] = Op::none();
    if (i < end) {
      T x = lane[(p.reverse ? p.n - 1 - i : i) * p.stepA];
      v[k] = Op::of(A::load(x), i);
    }
  }
}

template <class R>
DEVICE void store(const Scan& p, Global<R> lane, i64 start, i64 end, const Pack<R, ITEMS>& r) {
  if (p.packed && start < end) {
    i64 first = p.reverse ? p.n - start - ITEMS : start;
    Global<Pack<R, ITEMS>> whole = packs<Pack<R, ITEMS>>(lane + first);
    Pack<R, ITEMS> turned;
#pragma unroll
    for (int k = 0; k < ITEMS; k++) {
      turned.v[k] = p.reverse ? r.v[ITEMS - 1 - k] : r.v[k];
    }
    whole[0] = turned;
    return;
  }
#pragma unroll
  for (int k = 0; k < ITEMS; k++) {
    i64 i = start + k;
    if (i < end) {
      lane[(p.reverse ? p.n - 1 - i : i) * p.stepOut] = r.v[k];
    }
  }
}

template <class Op> DEVICE void rows(const Scan& p) {
  typedef typename Op::S S;
  typedef typename Op::R R;
  SHARED(S, warps, 32);
  Global<T> a = as<T>(p.a);
  Global<R> out = as<R>(p.out);
  Global<S> totals = as<S>(p.totals);
  int group = p.group;
  int thread = threadIdx.x & (group - 1);
  int warp = thread / 32;
  int groups = blockDim.x / group;
  i64 units = p.lanes.numel * p.segments;
  i64 unit = (i64)blockIdx.x * groups + threadIdx.x / group;
  for (; unit < units; unit += (i64)gridDim.x * groups) {
    i64 lane = p.segments == 1 ? unit : unit / p.segments;
    i64 from = (unit - lane * p.segments) * p.length;
    i64 end = smaller(p.n, from + p.length);
    Places<2> at = placesOf(p.lanes, lane);
    S carry = Op::none();
    if (p.segments > 1 && !p.onlyTotals) {
      carry = totals[unit];
    }
    for (i64 tile = from; tile < end; tile += group * ITEMS) {
      i64 start = tile + thread * ITEMS;
      S v[ITEMS];
      load<Op>(p, a + at.at[0], start, end, v);
#pragma unroll
      for (int k = 1; k < ITEMS; k++) {
        v[k] = Op::both(v[k - 1], v[k]);
      }
      S all = running<Op>(v[ITEMS - 1]);
      S before = fromBefore(all, 1);
      if ((thread & 31) == 0) {
        before = Op::none();
      }
      S total = fromLast(all);
      if (group > 32) {
        if ((thread & 31) == 0) {
          warps[warp] = total;
        }
        __syncthreads();
        total = Op::none();
        S earlier = Op::none();
        for (int w = 0; w < group / 32; w++) {
          S one = warps[w];
          if (w == warp) {
            earlier = total;
          }
          total = Op::both(total, one);
        }
        before = Op::both(earlier, before);
        __syncthreads();
      }
      if (!p.onlyTotals) {
        before = Op::both(carry, before);
        Pack<R, ITEMS> r;
#pragma unroll
        for (int k = 0; k < ITEMS; k++) {
          r.v[k] = Op::store(Op::both(before, v[k]));
        }
        store<R>(p, out + at.at[1], start, end, r);
      }
      carry = Op::both(carry, total);
    }
    if (p.onlyTotals && thread == 0) {
      totals[unit] = carry;
    }
  }
}

template <class Op> DEVICE void columns(const Scan& p) {
  typedef typename Op::S S;
  typedef typename Op::R R;
  Global<T> a = as<T>(p.a);
  Global<R> out = as<R>(p.out);
  Global<S> totals = as<S>(p.totals);
  i64 units = p.lanes.numel * p.segments;
  for (i64 unit = globalThread(); unit < units; unit += globalThreads()) {
    i64 segment = p.segments == 1 ? 0 : unit / p.lanes.numel;
    i64 lane = unit - segment * p.lanes.numel;
    i64 from = segment * p.length;
    i64 end = smaller(p.n, from + p.length);
    Places<2> at = placesOf(p.lanes, lane);
    S s = Op::none();
    if (p.segments > 1 && !p.onlyTotals) {
      s = totals[lane * p.segments + segment];
    }
    for (i64 start = from; start < end; start += ITEMS) {
      S v[ITEMS];
      load<Op>(p, a + at.at[0], start, end, v);
      Pack<R, ITEMS> r;
#pragma unroll
      for (int k = 0; k < ITEMS; k++) {
        s = Op::both(s, v[k]);
        r.v[k] = Op::store(s);
      }
      if (!p.onlyTotals) {
        store<R>(p, out + at.at[1], start, end, r);
      }
    }
    if (p.onlyTotals) {
      totals[lane * p.segments + segment] = s;
    }
  }
}

/** One warp per lane. */
template <class Op> DEVICE void carries(const Scan& p) {
  typedef typename Op::S S;
  Global<S> totals = as<S>(p.totals);
  for (i64 lane = globalThread() / 32; lane < p.lanes.numel; lane += globalThreads() / 32) {
    S carry = Op::none();
    for (i64 first = 0; first < p.segments; first += 32) {
      i64 k = first + (threadIdx.x & 31);
      S mine = Op::none();
      if (k < p.segments) {
        mine = totals[lane * p.segments + k];
      }
      S all = running<Op>(mine);
      S before = fromBefore(all, 1);
      if (k == first) {
        before = Op::none();
      }
      if (k < p.segments) {
        totals[lane * p.segments + k] = Op::both(carry, before);
      }
      carry = Op::both(carry, fromLast(all));
    }
  }
}

#define SCAN(NAME, ...) \
  KERNEL(NAME##_ROWS, Scan) { rows<__VA_ARGS__>(p); } \
  KERNEL(NAME##_COLUMNS, Scan) { columns<__VA_ARGS__>(p); } \
  KERNEL(NAME##_CARRIES, Scan) { carries<__VA_ARGS__>(p); }

SCAN(SUM, Sum)
SCAN(PROD, Product)
#ifdef FLOATING
SCAN(LOG_ADD_EXP, LogAddExp)
#endif
SCAN(ARG_MAX, Latest<true>)
SCAN(ARG_MIN, Latest<false>)
