// Loops over the elements of one to four arrays: packs of up to 16 bytes if all arrays are dense in
// one order and aligned, otherwise one element at a time with any strides.

/** Number of elements of the larger type in a pack of 16 bytes. */
template <class A, class B> struct Width {
  static const int N = 16 / (sizeof(typename A::T) > sizeof(typename B::T) ? sizeof(typename A::T)
                                                                          : sizeof(typename B::T));
};

/** out[i] = f(a[i]). */
template <class A, class B, class F>
DEVICE void map1(const Walk<2>& walk, Address aBytes, Address outBytes, F f) {
  typedef typename A::T TA;
  typedef typename B::T TB;
  Global<TA> a = as<TA>(aBytes);
  Global<TB> out = as<TB>(outBytes);
  i64 i = globalThread();
  i64 step = globalThreads();
  if (walk.flat == 0) {
    for (; i < walk.numel; i += step) {
      Places<2> at = placesOf(walk, i);
      TA x = a[at.at[0]];
      out[at.at[1]] = B::store(f(A::load(x)));
    }
    return;
  }
  const int N = Width<A, B>::N;
  i64 done = 0;
  if (walk.flat == 2) {
    Global<Pack<TA, N>> pa = packs<Pack<TA, N>>(a);
    Global<Pack<TB, N>> po = packs<Pack<TB, N>>(out);
    for (i64 k = i; k < walk.numel / N; k += step) {
      Pack<TA, N> x = pa[k];
      Pack<TB, N> y;
      for (int e = 0; e < N; e++) {
        y.v[e] = B::store(f(A::load(x.v[e])));
      }
      po[k] = y;
    }
    done = walk.numel / N * N;
  }
  for (i += done; i < walk.numel; i += step) {
    TA x = a[i];
    out[i] = B::store(f(A::load(x)));
  }
}

/** out[i] = f(a[i], b[i]). */
template <class A, class B, class F>
DEVICE void map2(
    const Walk<3>& walk, Address aBytes, Address bBytes, Address outBytes, F f) {
  typedef typename A::T TA;
  typedef typename B::T TB;
  Global<TA> a = as<TA>(aBytes);
  Global<TA> b = as<TA>(bBytes);
  Global<TB> out = as<TB>(outBytes);
  i64 i = globalThread();
  i64 step = globalThreads();
  if (walk.flat == 0) {
    for (; i < walk.numel; i += step) {
      Places<3> at = placesOf(walk, i);
      TA x = a[at.at[0]];
      TA y = b[at.at[1]];
      out[at.at[2]] = B::store(f(A::load(x), A::load(y)));
    }
    return;
  }
  const int N = Width<A, B>::N;
  i64 done = 0;
  if (walk.flat == 2) {
    Global<Pack<TA, N>> pa = packs<Pack<TA, N>>(a);
    Global<Pack<TA, N>> pb = packs<Pack<TA, N>>(b);
    Global<Pack<TB, N>> po = packs<Pack<TB, N>>(out);
    for (i64 k = i; k < walk.numel / N; k += step) {
      Pack<TA, N> x = pa[k];
      Pack<TA, N> y = pb[k];
      Pack<TB, N> z;
      for (int e = 0; e < N; e++) {
        z.v[e] = B::store(f(A::load(x.v[e]), A::load(y.v[e])));
      }
      po[k] = z;
    }
    done = walk.numel / N * N;
  }
  for (i += done; i < walk.numel; i += step) {
    TA x = a[i];
    TA y = b[i];
    out[i] = B::store(f(A::load(x), A::load(y)));
  }
}

/** out[i] = f(a[i]), one element at a time: for functions whose cost exceeds that of memory
 * access. */
template <class A, class B, class F>
DEVICE void each1(const Walk<2>& walk, Address aBytes, Address outBytes, F f) {
  Global<typename A::T> a = as<typename A::T>(aBytes);
  Global<typename B::T> out = as<typename B::T>(outBytes);
  i64 step = globalThreads();
  for (i64 i = globalThread(); i < walk.numel; i += step) {
    Places<2> at = placesOf(walk, i);
    typename A::T x = a[at.at[0]];
    out[at.at[1]] = B::store(f(A::load(x)));
  }
}

/** out[i] = f(a[i], b[i]), one element at a time. */
template <class A, class B, class F>
DEVICE void each2(const Walk<3>& walk, Address aBytes, Address bBytes, Address outBytes, F f) {
  Global<typename A::T> a = as<typename A::T>(aBytes);
  Global<typename A::T> b = as<typename A::T>(bBytes);
  Global<typename B::T> out = as<typename B::T>(outBytes);
  i64 step = globalThreads();
  for (i64 i = globalThread(); i < walk.numel; i += step) {
    Places<3> at = placesOf(walk, i);
    typename A::T x = a[at.at[0]];
    typename A::T y = b[at.at[1]];
    out[at.at[2]] = B::store(f(A::load(x), A::load(y)));
  }
}
