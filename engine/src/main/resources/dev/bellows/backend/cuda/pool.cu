// Max pooling over windows of images of the element type A, of any strides. Kernels whose names end
// in _PACKED take channels-last images, and process a pack of 16 bytes of channels at a time.

/** Strides of dimensions [n, c, h, w]. */
struct Strides { i64 n, c, h, w; };

struct Pool {
  /** [n, c, h, w]. */
  Address large;
  /** [n, c, oh, ow]. */
  Address small;
  /** As small. */
  Address positions;
  Strides largeStrides;
  Strides smallStrides;
  Strides positionStrides;
  /** Number of elements, or packs, of the written array. */
  i64 steps;
  int h, w, oh, ow;
  int kernelH, kernelW;
  int padH, padW;
  /** Sizes of the dimensions that steps iterate over, the fastest first: c, w, h or w, h, c. */
  Divisor fastest, second, third;
  int channelsFirst;
  Divisor strideH, strideW;
  Divisor byKernelW;
};

typedef A::T T;
typedef A::C C;

struct Spot { int n, c, y, x; };

template <int N> DEVICE Spot spotOf(const Pool& p, i64 step) {
  Divided a = divided((int)step, p.fastest);
  Divided b = divided(a.quotient, p.second);
  Divided c = divided(b.quotient, p.third);
  if (p.channelsFirst) {
    return {c.quotient, c.rest, b.rest, a.rest};
  }
  return {c.quotient, a.rest * N, c.rest, b.rest};
}

DEVICE i64 place(const Strides& s, int n, int c, int y, int x) {
  return n * s.n + c * s.c + y * s.h + x * s.w;
}

/** Padding never wins: a window of −∞ selects its first position inside the image, NaN the last. */
template <int N> DEVICE void maxPool(const Pool& p) {
  Global<T> x = as<T>(p.large);
  Global<T> out = as<T>(p.small);
  Global<u8> positions = as<u8>(p.positions);
  i64 threads = globalThreads();
  for (i64 step = globalThread(); step < p.steps; step += threads) {
    Spot spot = spotOf<N>(p, step);
    int top = spot.y * (int)p.strideH.by - p.padH;
    int left = spot.x * (int)p.strideW.by - p.padW;
    int firstRow = larger(0, -top);
    int firstColumn = larger(0, -left);
    int endRow = smaller(p.kernelH, p.h - top);
    int endColumn = smaller(p.kernelW, p.w - left);
    C best[N];
    u8 winner[N];
    for (int e = 0; e < N; e++) {
      best[e] = (C)-DOUBLE_INF;
      winner[e] = (u8)(firstRow * p.kernelW + firstColumn);
    }
    for (int r = firstRow; r < endRow; r++) {
      for (int s = firstColumn; s < endColumn; s++) {
        i64 at = place(p.largeStrides, spot.n, spot.c, top + r, left + s);
        Pack<T, N> values = packAt<N>(x, at);
        for (int e = 0; e < N; e++) {
          C value = A::load(values.v[e]);
          if (value > best[e] || isNan(value)) {
            best[e] = value;
            winner[e] = (u8)(r * p.kernelW + s);
          }
        }
      }
    }
    Pack<T, N> result;
    Pack<u8, N> winners;
    for (int e = 0; e < N; e++) {
      result.v[e] = A::store(best[e]);
      winners.v[e] = winner[e];
    }
    i64 to = place(p.smallStrides, spot.n, spot.c, spot.y, spot.x);
    packs<Pack<T, N>>(out + to)[0] = result;
    to = place(p.positionStrides, spot.n, spot.c, spot.y, spot.x);
    packs<Pack<u8, N>>(positions + to)[0] = winners;
  }
}

/** Each element of gradX sums the gradients of the windows that it won, row by row. */
template <int N> DEVICE void maxPoolGrad(const Pool& p) {
  Global<T> gradX = as<T>(p.large);
  Global<T> gradOut = as<T>(p.small);
  Global<u8> positions = as<u8>(p.positions);
  i64 threads = globalThreads();
  for (i64 step = globalThread(); step < p.steps; step += threads) {
    Spot spot = spotOf<N>(p, step);
    int y = spot.y + p.padH;
    int x = spot.x + p.padW;
    int firstRow = y < p.kernelH ? 0 : divide(y - p.kernelH, p.strideH) + 1;
    int firstColumn = x < p.kernelW ? 0 : divide(x - p.kernelW, p.strideW) + 1;
    int lastRow = smaller(p.oh - 1, divide(y, p.strideH));
    int lastColumn = smaller(p.ow - 1, divide(x, p.strideW));
    C sums[N];
    for (int e = 0; e < N; e++) {
      sums[e] = 0;
    }
    for (int oy = firstRow; oy <= lastRow; oy++) {
      for (int ox = firstColumn; ox <= lastColumn; ox++) {
        int wanted = (y - oy * (int)p.strideH.by) * p.kernelW + x - ox * (int)p.strideW.by;
        i64 at = place(p.positionStrides, spot.n, spot.c, oy, ox);
        Pack<u8, N> winners = packAt<N>(positions, at);
        bool any = false;
        for (int e = 0; e < N; e++) {
          any = any || winners.v[e] == wanted;
        }
        if (any) {
          at = place(p.smallStrides, spot.n, spot.c, oy, ox);
          Pack<T, N> grads = packAt<N>(gradOut, at);
          for (int e = 0; e < N; e++) {
            if (winners.v[e] == wanted) {
              sums[e] += A::load(grads.v[e]);
            }
          }
        }
      }
    }
    Pack<T, N> result;
    for (int e = 0; e < N; e++) {
      result.v[e] = A::store(sums[e]);
    }
    i64 to = place(p.largeStrides, spot.n, spot.c, spot.y, spot.x);
    packs<Pack<T, N>>(gradX + to)[0] = result;
  }
}

KERNEL(MAX_POOL, Pool) { maxPool<1>(p); }
KERNEL(MAX_POOL_PACKED, Pool) { maxPool<16 / sizeof(T)>(p); }
KERNEL(GRAD, Pool) { maxPoolGrad<1>(p); }
KERNEL(GRAD_PACKED, Pool) { maxPoolGrad<16 / sizeof(T)>(p); }

/** out = the value at the winner's position. */
KERNEL(GATHER, Pool) {
  Global<T> a = as<T>(p.large);
  Global<T> out = as<T>(p.small);
  Global<u8> positions = as<u8>(p.positions);
  i64 threads = globalThreads();
  for (i64 step = globalThread(); step < p.steps; step += threads) {
    Spot spot = spotOf<1>(p, step);
    u8 winner = positions[place(p.positionStrides, spot.n, spot.c, spot.y, spot.x)];
    Divided inWindow = divided(winner, p.byKernelW);
    int y = spot.y * (int)p.strideH.by - p.padH + inWindow.quotient;
    int x = spot.x * (int)p.strideW.by - p.padW + inWindow.rest;
    T value = a[place(p.largeStrides, spot.n, spot.c, y, x)];
    out[place(p.smallStrides, spot.n, spot.c, spot.y, spot.x)] = value;
  }
}
