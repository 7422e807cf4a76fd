// Stable sorting and binary search, by keys: unsigned integers with the required order. A thread
// sorts ITEMS adjacent elements, then sorted runs of a block are merged in shared memory, twice as
// long in each round, then those of a row in device memory, from one buffer to another. Merging:
// each thread (or block) computes a part of fixed length of the merged output; binary search finds
// how many elements of the first run precede it.

typedef A::T T;
typedef A::C C;

template <int BYTES> struct KeyOf { typedef u32 K; };
template <> struct KeyOf<8> { typedef u64 K; };
typedef KeyOf<sizeof(T)>::K Key;

/** Number of keys and positions that threads write to shared memory at once. */
const int WIDE = 16 / sizeof(Key);
typedef Pack<Key, WIDE> Keys;
typedef Pack<u32, 4> Four;

const int ITEMS = 8;
const int TILE = 256 * ITEMS;
/** The largest key, which fills up a tile. Equal keys of elements precede it, as the sort is
 * stable. */
const Key LARGEST = ~(Key)0;

struct Sort {
  Address a;
  Address out;
  /** Keys and positions after this step, row by row; unused in the last step. */
  Address keys;
  Address places;
  /** Keys and positions before this step, when merging. */
  Address keysBefore;
  Address placesBefore;
  i64 n;
  i64 stepA;
  i64 stepOut;
  /** Number of tiles of a row, and of elements of a run to be merged. */
  i64 tiles;
  i64 width;
  /** Number of elements of a tile per row: a power of two. */
  int part;
  int descending;
  int last;
  int unused;
  /** a and out without the dimension. */
  Walk<2> rows;
};

DEVICE u32 ordered(float x) {
  if (isNan(x)) {
    return 0xFFFFFFFFu;
  }
  u32 bits = bitsOf(x + 0.0f); // −0 becomes 0
  return bits >> 31 != 0 ? ~bits : bits | 0x80000000u;
}
DEVICE u64 ordered(double x) {
  if (isNan(x)) {
    return ~0ull;
  }
  u64 bits = bitsOf(x + 0.0);
  return bits >> 63 != 0 ? ~bits : bits | 1ull << 63;
}
DEVICE Key ordered(i64 x) { return (Key)x ^ (Key)1 << (8 * sizeof(Key) - 1); }

DEVICE Key keyOf(T x, int descending) {
  Key key = (Key)ordered(A::load(x));
  return descending ? ~key : key;
}

/** Returns how many of the first d merged elements of two runs come from the first run. */
DEVICE int fromFirst(Global<Key> a, int na, Global<Key> b, int nb, int d) {
  int low = larger(0, d - nb);
  int high = smaller(d, na);
  while (low < high) {
    int middle = (low + high) / 2;
    Key x = a[middle];
    Key y = b[d - 1 - middle];
    if (x <= y) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/** Returns the same, computed by a warp that probes 32 positions at a time. */
DEVICE i64 fromFirst(Global<Key> a, i64 na, Global<Key> b, i64 nb, i64 d) {
  int lane = threadIdx.x & 31;
  i64 low = larger((i64)0, d - nb);
  i64 high = smaller(d, na);
  while (low < high) {
    i64 gap = (high - low + 31) / 32;
    i64 place = low + lane * gap;
    bool taken = false;
    if (place < high) {
      Key x = a[place];
      Key y = b[d - 1 - place];
      taken = x <= y;
    }
    int count = __popc(__ballot_sync(0xffffffffu, taken));
    high = smaller(high, low + count * gap);
    low = count == 0 ? low : low + (count - 1) * gap + 1;
  }
  return low;
}

/** Merges ITEMS elements of two runs in shared memory, starting at d; n of them exist. */
DEVICE void merge(
    Global<Key> keys, Global<u32> places, int a, int na, int b, int nb, int d, int n, Key* key,
    u32* place) {
  int i = fromFirst(keys + a, na, keys + b, nb, d);
  int j = d - i;
  Key x = LARGEST;
  Key y = LARGEST;
  if (i < na) {
    x = keys[a + i];
  }
  if (j < nb) {
    y = keys[b + j];
  }
#pragma unroll
  for (int k = 0; k < ITEMS; k++) {
    if (k < n) {
      bool first = i < na && (j >= nb || x <= y);
      key[k] = first ? x : y;
      u32 from = places[first ? a + i : b + j];
      place[k] = from;
      if (first) {
        i++;
        if (i < na) {
          x = keys[a + i];
        }
      } else {
        j++;
        if (j < nb) {
          y = keys[b + j];
        }
      }
    }
  }
}

/** Writes ITEMS elements to shared memory. */
DEVICE void put(
    Global<Keys> keys, Global<Four> places, int thread, const Key* key, const u32* place) {
#pragma unroll
  for (int k = 0; k < ITEMS; k += WIDE) {
    Keys pack;
#pragma unroll
    for (int e = 0; e < WIDE; e++) {
      pack.v[e] = key[k + e];
    }
    keys[(thread * ITEMS + k) / WIDE] = pack;
  }
#pragma unroll
  for (int k = 0; k < ITEMS; k += 4) {
    Four pack;
#pragma unroll
    for (int e = 0; e < 4; e++) {
      pack.v[e] = place[k + e];
    }
    places[(thread * ITEMS + k) / 4] = pack;
  }
}

DEVICE void exchange(Key* key, u32* place, int i) {
  if (key[i] > key[i + 1]) {
    Key k = key[i];
    key[i] = key[i + 1];
    key[i + 1] = k;
    u32 p = place[i];
    place[i] = place[i + 1];
    place[i + 1] = p;
  }
}

/** Writes element i of a row, which is at e in shared memory. */
DEVICE void finish(
    const Sort& p, Global<Key> keys, Global<u32> places, i64 row, i64 outRow, i64 i, int e) {
  u32 place = places[e];
  if (p.last) {
    Global<i64> out = as<i64>(p.out) + outRow;
    out[i * p.stepOut] = (i64)place;
    return;
  }
  Global<Key> keysTo = as<Key>(p.keys);
  Global<u32> placesTo = as<u32>(p.places);
  Key key = keys[e];
  keysTo[row * p.n + i] = key;
  placesTo[row * p.n + i] = place;
}

/** Sorts a tile: a part of a row, or several short rows. */
KERNEL(SORT, Sort) {
  SHARED(Keys, keyPacks, TILE / WIDE);
  SHARED(Four, placePacks, TILE / 4);
  Global<Key> keys = packs<Key>(keyPacks);
  Global<u32> places = packs<u32>(placePacks);
  Global<T> a = as<T>(p.a);
  int tile = blockDim.x * ITEMS;
  i64 group = blockIdx.x / p.tiles;
  i64 firstRow = group * (tile / p.part);
  i64 offset = (blockIdx.x - group * p.tiles) * p.part;
  for (int e = threadIdx.x; e < tile; e += blockDim.x) {
    i64 row = firstRow + e / p.part;
    i64 i = offset + (e & (p.part - 1));
    Key key = LARGEST;
    if (row < p.rows.numel && i < p.n) {
      Places<2> at = placesOf(p.rows, row);
      T x = a[at.at[0] + i * p.stepA];
      key = keyOf(x, p.descending);
    }
    keys[e] = key;
  }
  __syncthreads();
  int mine = threadIdx.x * ITEMS;
  Key key[ITEMS];
  u32 place[ITEMS];
#pragma unroll
  for (int k = 0; k < ITEMS; k++) {
    Key one = keys[mine + k];
    key[k] = one;
    place[k] = (u32)offset + (u32)((mine + k) & (p.part - 1));
  }
#pragma unroll
  for (int round = 0; round < ITEMS; round++) {
#pragma unroll
    for (int i = round & 1; i + 1 < ITEMS; i += 2) {
      exchange(key, place, i);
    }
  }
  for (int width = ITEMS; width <= p.part; width *= 2) {
    __syncthreads();
    put(keyPacks, placePacks, threadIdx.x, key, place);
    __syncthreads();
    if (width < p.part) {
      int first = mine & ~(2 * width - 1);
      merge(keys, places, first, width, first + width, width, mine - first, ITEMS, key, place);
    }
  }
  for (int e = threadIdx.x; e < tile; e += blockDim.x) {
    i64 row = firstRow + e / p.part;
    i64 i = offset + (e & (p.part - 1));
    if (row < p.rows.numel && i < p.n) {
      Places<2> at = placesOf(p.rows, row);
      finish(p, keys, places, row, at.at[1], i, e);
    }
  }
}

/** Merges two runs to a tile. */
KERNEL(MERGE, Sort) {
  SHARED(Keys, keyPacks, TILE / WIDE);
  SHARED(Four, placePacks, TILE / 4);
  Global<Key> keys = packs<Key>(keyPacks);
  Global<u32> places = packs<u32>(placePacks);
  SHARED(i64, cuts, 2);
  i64 row = blockIdx.x / p.tiles;
  i64 offset = (blockIdx.x - row * p.tiles) * TILE;
  i64 first = offset / (2 * p.width) * (2 * p.width);
  i64 na = smaller(p.width, p.n - first);
  i64 nb = smaller(p.width, p.n - first - na);
  i64 d = offset - first;
  int n = (int)smaller((i64)TILE, na + nb - d);
  Global<Key> a = as<Key>(p.keysBefore) + (row * p.n + first);
  Global<u32> from = as<u32>(p.placesBefore) + (row * p.n + first);
  int warp = threadIdx.x / 32;
  if (warp < 2) {
    i64 cut = fromFirst(a, na, a + na, nb, d + warp * n);
    if ((threadIdx.x & 31) == 0) {
      cuts[warp] = cut;
    }
  }
  __syncthreads();
  i64 firstA = cuts[0];
  i64 endA = cuts[1];
  i64 firstB = d - firstA;
  int inA = (int)(endA - firstA);
  for (int e = threadIdx.x; e < n; e += blockDim.x) {
    i64 at = e < inA ? firstA + e : na + firstB + (e - inA);
    Key key = a[at];
    u32 place = from[at];
    keys[e] = key;
    places[e] = place;
  }
  __syncthreads();
  int mine = threadIdx.x * ITEMS;
  int have = smaller(ITEMS, n - mine);
  Key key[ITEMS] = {};
  u32 place[ITEMS] = {};
  if (have > 0) {
    merge(keys, places, 0, inA, inA, n - inA, mine, have, key, place);
  }
  __syncthreads();
  put(keyPacks, placePacks, threadIdx.x, key, place);
  __syncthreads();
  Places<2> at = placesOf(p.rows, row);
  for (int e = threadIdx.x; e < n; e += blockDim.x) {
    finish(p, keys, places, row, at.at[1], offset + e, e);
  }
}

struct Search {
  Address sorted;
  Address values;
  Address out;
  i64 n;
  i64 step;
  int right;
  int unused;
  /** sorted at its rows' first elements, values, out. */
  Walk<3> walk;
};

KERNEL(SEARCH, Search) {
  Global<T> sorted = as<T>(p.sorted);
  Global<T> values = as<T>(p.values);
  Global<i64> out = as<i64>(p.out);
  for (i64 i = globalThread(); i < p.walk.numel; i += globalThreads()) {
    Places<3> at = placesOf(p.walk, i);
    T x = values[at.at[1]];
    Key wanted = keyOf(x, 0);
    i64 low = 0;
    i64 high = p.n;
    while (low < high) {
      i64 middle = (low + high) / 2;
      T y = sorted[at.at[0] + middle * p.step];
      Key key = keyOf(y, 0);
      if (key < wanted || p.right && key == wanted) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    out[at.at[2]] = low;
  }
}
