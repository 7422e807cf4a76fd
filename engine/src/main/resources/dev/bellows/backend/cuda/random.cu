// Random numbers from Philox4x32-10: out[i] is computed from words of a stream in doubles, and then
// rounded to the element type A. A thread computes the four words of one counter at a time, and the
// elements from them.

struct Random {
  Address out;
  u64 seed;
  u64 sequence;
  Address shift;
  double a;
  double b;
  i64 low;
  u64 range;
  /** The bits of a word that a uniform number of the type can hold without rounding up to 1. */
  u64 mask;
  Walk<1> walk;
};

struct Dropout {
  Address a;
  Address out;
  u64 seed;
  u64 sequence;
  Address shift;
  double p;
  Walk<2> walk;
};

struct Words { u32 w[4]; };

/** The sequence of a key plus the shift of a repeated graph launch. */
template <class P> DEVICE u64 sequenceOf(const P& p) {
  u64 shift = as<u64>(p.shift)[0];
  return p.sequence + shift;
}

/** Words 4 · quad to 4 · quad + 3 of a stream. */
DEVICE Words philox(u64 seed, u64 sequence, u64 quad) {
  u32 x0 = (u32)quad;
  u32 x1 = (u32)(quad >> 32);
  u32 x2 = (u32)sequence;
  u32 x3 = (u32)(sequence >> 32);
  u32 k0 = (u32)seed;
  u32 k1 = (u32)(seed >> 32);
  for (int round = 0; round < 10; round++) {
    u32 high0 = multiplyHigh(0xD2511F53u, x0);
    u32 low0 = 0xD2511F53u * x0;
    u32 high1 = multiplyHigh(0xCD9E8D57u, x2);
    u32 low1 = 0xCD9E8D57u * x2;
    x0 = high1 ^ x1 ^ k0;
    x1 = low1;
    x2 = high0 ^ x3 ^ k1;
    x3 = low0;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  return {{x0, x1, x2, x3}};
}

/** Returns a word as a number in [0, 1). */
DEVICE double uniform(u32 word) { return (double)(word >> 8) * 5.9604644775390625e-8; }

/** Converts two words to a normal number. */
DEVICE double normal(u32 word1, u32 word2) {
  double u1 = ((double)word1 + 1) * 2.3283064365386963e-10;
  double u2 = (double)word2 * 2.3283064365386963e-10;
  return sqrt(-2 * log(u1)) * cos(6.283185307179586 * u2);
}

/** Writes N elements starting at {@code first}, as far as they exist. */
template <int N> DEVICE void put(const Random& p, i64 first, const A::T* values) {
  typedef A::T T;
  Global<T> out = as<T>(p.out);
  const int PACK = N * sizeof(T) <= 16 ? N : 16 / sizeof(T);
  if (p.walk.flat == 2 && first + N <= p.walk.numel) {
    Global<Pack<T, PACK>> packed = packs<Pack<T, PACK>>(out + first);
    for (int k = 0; k < N / PACK; k++) {
      Pack<T, PACK> pack;
      for (int e = 0; e < PACK; e++) {
        pack.v[e] = values[k * PACK + e];
      }
      packed[k] = pack;
    }
    return;
  }
  for (int e = 0; e < N; e++) {
    if (first + e < p.walk.numel) {
      Places<1> at = placesOf(p.walk, first + e);
      out[at.at[0]] = values[e];
    }
  }
}

/** out[i] = f(word i). */
template <class F> DEVICE void fromWords(const Random& p, F f) {
  u64 sequence = sequenceOf(p);
  i64 step = globalThreads();
  for (i64 quad = globalThread(); 4 * quad < p.walk.numel; quad += step) {
    Words words = philox(p.seed, sequence, (u64)quad);
    A::T values[4];
    for (int e = 0; e < 4; e++) {
      values[e] = A::store(f(words.w[e]));
    }
    put<4>(p, 4 * quad, values);
  }
}

/** out[i] = f(word 2i, word 2i + 1). */
template <class F> DEVICE void fromPairs(const Random& p, F f) {
  u64 sequence = sequenceOf(p);
  i64 step = globalThreads();
  for (i64 quad = globalThread(); 2 * quad < p.walk.numel; quad += step) {
    Words words = philox(p.seed, sequence, (u64)quad);
    A::T values[2];
    for (int e = 0; e < 2; e++) {
      values[e] = A::store(f(words.w[2 * e], words.w[2 * e + 1]));
    }
    put<2>(p, 2 * quad, values);
  }
}

KERNEL(UNIFORM, Random) {
  fromWords(p, [&](u32 word) { return p.a + (p.b - p.a) * uniform(word & (u32)p.mask); });
}

KERNEL(BERNOULLI, Random) {
  fromWords(p, [&](u32 word) { return uniform(word) < p.a ? 1.0 : 0.0; });
}

KERNEL(NORMAL, Random) {
  fromPairs(p, [&](u32 word1, u32 word2) { return p.a + p.b * normal(word1, word2); });
}

KERNEL(INTEGERS, Random) {
  fromPairs(p, [&](u32 high, u32 low) {
    u64 u = (u64)high << 32 | low;
    return (i64)((u64)p.low + (p.range == 0 ? u : multiplyHigh(u, p.range)));
  });
}

#ifdef FLOATING

/** out[i] = u(i) < p ? 0 : a[i] / (1 − p); both arrays dense in one order. */
KERNEL(DROPOUT, Dropout) {
  typedef A::T T;
  Global<T> a = as<T>(p.a);
  Global<T> out = as<T>(p.out);
  const int PACK = sizeof(T) == 8 ? 2 : 4;
  double keep = 1 - p.p;
  u64 sequence = sequenceOf(p);
  i64 step = globalThreads();
  for (i64 quad = globalThread(); 4 * quad < p.walk.numel; quad += step) {
    Words words = philox(p.seed, sequence, (u64)quad);
    if (p.walk.flat == 2 && 4 * quad + 4 <= p.walk.numel) {
      Global<Pack<T, PACK>> from = packs<Pack<T, PACK>>(a + 4 * quad);
      Global<Pack<T, PACK>> to = packs<Pack<T, PACK>>(out + 4 * quad);
      for (int k = 0; k < 4 / PACK; k++) {
        Pack<T, PACK> x = from[k];
        for (int e = 0; e < PACK; e++) {
          bool dropped = uniform(words.w[k * PACK + e]) < p.p;
          x.v[e] = dropped ? A::store(0.0) : A::store((double)A::load(x.v[e]) / keep);
        }
        to[k] = x;
      }
    } else {
      for (int e = 0; e < 4 && 4 * quad + e < p.walk.numel; e++) {
        T x = a[4 * quad + e];
        bool dropped = uniform(words.w[e]) < p.p;
        out[4 * quad + e] = dropped ? A::store(0.0) : A::store((double)A::load(x) / keep);
      }
    }
  }
}

#endif
