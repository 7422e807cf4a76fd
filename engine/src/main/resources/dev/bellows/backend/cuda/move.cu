// Kernels without arithmetic: copies, fills and {@code where}, on elements of 1, 2, 4 or 8 bytes.

struct Fill {
  Address out;
  u64 bits;
  Walk<1> walk;
};

struct Where {
  Address condition;
  Address a;
  Address b;
  Address out;
  Walk<4> walk;
};

template <class Memory> struct Raw {
  typedef Memory T;
  DEVICE T load(T x) { return x; }
  DEVICE T store(T x) { return x; }
};

template <class T> DEVICE void fill(const Fill& p) {
  Global<T> out = as<T>(p.out);
  T value = (T)p.bits;
  i64 i = globalThread();
  i64 step = globalThreads();
  if (p.walk.flat == 0) {
    for (; i < p.walk.numel; i += step) {
      Places<1> at = placesOf(p.walk, i);
      out[at.at[0]] = value;
    }
    return;
  }
  i64 done = 0;
  if (p.walk.flat == 2) {
    const int N = 16 / sizeof(T);
    Global<Pack<T, N>> packed = packs<Pack<T, N>>(out);
    Pack<T, N> all;
    for (int e = 0; e < N; e++) {
      all.v[e] = value;
    }
    for (i64 k = i; k < p.walk.numel / N; k += step) {
      packed[k] = all;
    }
    done = p.walk.numel / N * N;
  }
  for (i += done; i < p.walk.numel; i += step) {
    out[i] = value;
  }
}

template <class T> DEVICE void where(const Where& p) {
  Global<u8> condition = as<u8>(p.condition);
  Global<T> a = as<T>(p.a);
  Global<T> b = as<T>(p.b);
  Global<T> out = as<T>(p.out);
  i64 step = globalThreads();
  for (i64 i = globalThread(); i < p.walk.numel; i += step) {
    Places<4> at;
    if (p.walk.flat == 0) {
      at = placesOf(p.walk, i);
    } else {
      at.at[0] = at.at[1] = at.at[2] = at.at[3] = i;
    }
    u8 c = condition[at.at[0]];
    T chosen = c != 0 ? a[at.at[1]] : b[at.at[2]];
    out[at.at[3]] = chosen;
  }
}

#define MOVES(BYTES, TYPE) \
  KERNEL(copy##BYTES, Unary) { \
    map1<Raw<TYPE>, Raw<TYPE>>(p.walk, p.a, p.out, [](TYPE x) { return x; }); \
  } \
  KERNEL(fill##BYTES, Fill) { fill<TYPE>(p); } \
  KERNEL(where##BYTES, Where) { where<TYPE>(p); }

MOVES(1, u8)
MOVES(2, u16)
MOVES(4, u32)
MOVES(8, u64)
