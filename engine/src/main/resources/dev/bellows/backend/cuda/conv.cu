// Kernels of convolutions other than matrix products: unfolding images to windows and folding
// windows back to images, all kernels of depthwise convolutions, and sums over all places of an
// image. Images are dense channels-last, of the element type A. Kernels whose names end in _PACKED
// process a pack of 16 bytes of channels at a time.

struct Geometry {
  int h, w, oh, ow;
  int kernelH, kernelW;
  int strideH, strideW;
  int padH, padW;
  int dilationH, dilationW;
};

struct Unfold {
  Address x;
  /** [places, groups, row], each row [kernelH, kernelW, inGroup], zero-padded to whole packs. */
  Address columns;
  /** Packs of columns. */
  i64 steps;
  Geometry g;
  int channels;
  int inGroup;
  /** Place in the first image at which the columns start. */
  int first;
  /** Packs of all groups' rows, of a row; channels or packs of channels of a tap. */
  Divisor perPlace, perGroup, perTap;
  Divisor byKernelW, byOutW, byOutHW;
};

struct Fold {
  /** [images, outRows, ow, groups, row]. */
  Address columns;
  Address gradX;
  /** Elements, or packs, of gradX that are written. */
  i64 steps;
  Geometry g;
  int channels;
  int inGroup;
  int groups;
  int rowLength;
  /** First written row of the images, and number of written rows. */
  int firstRow;
  int rows;
  /** First row of the outputs in columns, and number of rows. */
  int firstOutRow;
  int outRows;
  Divisor perPixel, byW, byRows, byInGroup, byStrideH, byStrideW;
};

struct Depthwise {
  /** x, or its gradient. */
  Address x;
  /** [kernelH, kernelW, outChannels]. */
  Address weight;
  Address bias;
  i64 biasStride;
  Address out;
  i64 steps;
  Geometry g;
  int channels;
  int outChannels;
  int relu;
  Divisor first, second, third;
  /** Number of outputs per channel of x. */
  Divisor multiplier;
  Divisor byStrideH, byStrideW;
};

struct DepthwiseWeight {
  Address gradOut;
  Address x;
  /** [segments, taps, outChannels]. */
  Address parts;
  i64 places;
  i64 perSegment;
  Geometry g;
  int channels;
  int outChannels;
  int lanesLog;
  Divisor multiplier, byOutW, byOutHW, byKernelW;
};

struct Sums {
  /** [rows, columns]. */
  Address in;
  /** [segments, columns]. */
  Address parts;
  i64 rows;
  i64 perSegment;
  i64 columns;
  i64 lanesLog;
};

struct Collect {
  /** [rows, taps, channels]. */
  Address parts;
  Address out;
  i64 rows;
  i64 columns;
  i64 lanesLog;
  /** Strides of out [channels, kernelH, kernelW]. */
  i64 strideC;
  i64 strideH;
  i64 strideW;
  int channels;
  int kernelW;
};

typedef A::T T;
typedef A::C C;

#define THREADS 256
#define N_PACKED (16 / (int)sizeof(T))

DEVICE bool isInside(int at, int size) { return (u32)at < (u32)size; }

template <int N> DEVICE Pack<T, N> zeros() {
  Pack<T, N> z;
  for (int e = 0; e < N; e++) {
    z.v[e] = 0;
  }
  return z;
}

// ---- unfolding

/** Start of a place's window in x: image, row and column. */
struct Window { i64 image; int y, x; };

DEVICE Window windowOf(const Geometry& g, int place, const Divisor& byOutHW, const Divisor& byOutW) {
  Divided image = divided(place, byOutHW);
  Divided row = divided(image.rest, byOutW);
  return {image.quotient, row.quotient * g.strideH - g.padH, row.rest * g.strideW - g.padW};
}

KERNEL(UNFOLD_PACKED, Unfold) {
  Global<T> x = as<T>(p.x);
  Global<Pack<T, N_PACKED>> columns = as<Pack<T, N_PACKED>>(p.columns);
  i64 threads = globalThreads();
  for (i64 step = globalThread(); step < p.steps; step += threads) {
    Divided place = divided((int)step, p.perPlace);
    Divided group = divided(place.rest, p.perGroup);
    Divided tap = divided(group.rest, p.perTap);
    Divided kernelRow = divided(tap.quotient, p.byKernelW);
    Window window = windowOf(p.g, place.quotient + p.first, p.byOutHW, p.byOutW);
    int y = window.y + kernelRow.quotient * p.g.dilationH;
    int column = window.x + kernelRow.rest * p.g.dilationW;
    Pack<T, N_PACKED> values = zeros<N_PACKED>();
    if (isInside(y, p.g.h) && isInside(column, p.g.w)) {
      i64 pixel = (window.image * p.g.h + y) * p.g.w + column;
      i64 channel = group.quotient * p.inGroup + tap.rest * N_PACKED;
      values = packAt<N_PACKED>(x, pixel * p.channels + channel);
    }
    columns[step] = values;
  }
}

KERNEL(UNFOLD, Unfold) {
  Global<T> x = as<T>(p.x);
  Global<Pack<T, N_PACKED>> columns = as<Pack<T, N_PACKED>>(p.columns);
  int taps = p.g.kernelH * p.g.kernelW;
  i64 threads = globalThreads();
  for (i64 step = globalThread(); step < p.steps; step += threads) {
    Divided place = divided((int)step, p.perPlace);
    Divided group = divided(place.rest, p.perGroup);
    Window window = windowOf(p.g, place.quotient + p.first, p.byOutHW, p.byOutW);
    Pack<T, N_PACKED> values = zeros<N_PACKED>();
    for (int e = 0; e < N_PACKED; e++) {
      Divided tap = divided(group.rest * N_PACKED + e, p.perTap);
      Divided kernelRow = divided(tap.quotient, p.byKernelW);
      int y = window.y + kernelRow.quotient * p.g.dilationH;
      int column = window.x + kernelRow.rest * p.g.dilationW;
      if (tap.quotient < taps && isInside(y, p.g.h) && isInside(column, p.g.w)) {
        i64 pixel = (window.image * p.g.h + y) * p.g.w + column;
        values.v[e] = x[pixel * p.channels + group.quotient * p.inGroup + tap.rest];
      }
    }
    columns[step] = values;
  }
}

/** Returns the output whose window has a position of x, counted from the padding, under a tap;
 * −1 if there is none. */
DEVICE int outputOf(int padded, int tap, int dilation, const Divisor& stride, int size) {
  int from = padded - tap * dilation;
  if (from < 0) {
    return -1;
  }
  Divided at = divided(from, stride);
  return at.rest == 0 && at.quotient < size ? at.quotient : -1;
}

/** Each element of gradX sums its windows, tap by tap. */
template <int N> DEVICE void fold(const Fold& p) {
  Global<T> columns = as<T>(p.columns);
  Global<T> gradX = as<T>(p.gradX);
  i64 threads = globalThreads();
  for (i64 step = globalThread(); step < p.steps; step += threads) {
    Divided pixel = divided((int)step, p.perPixel);
    Divided column = divided(pixel.quotient, p.byW);
    Divided row = divided(column.quotient, p.byRows);
    int channel = pixel.rest * N;
    Divided group = divided(channel, p.byInGroup);
    int y = p.firstRow + row.rest;
    C sums[N];
    for (int e = 0; e < N; e++) {
      sums[e] = 0;
    }
    for (int r = 0; r < p.g.kernelH; r++) {
      int oy = outputOf(y + p.g.padH, r, p.g.dilationH, p.byStrideH, p.g.oh);
      if (oy < 0) {
        continue;
      }
      i64 outRow = (i64)row.quotient * p.outRows + oy - p.firstOutRow;
      for (int s = 0; s < p.g.kernelW; s++) {
        int ox = outputOf(column.rest + p.g.padW, s, p.g.dilationW, p.byStrideW, p.g.ow);
        if (ox >= 0) {
          i64 place = (outRow * p.g.ow + ox) * p.groups + group.quotient;
          int tap = r * p.g.kernelW + s;
          Pack<T, N> values =
              packAt<N>(columns, place * p.rowLength + tap * p.inGroup + group.rest);
          for (int e = 0; e < N; e++) {
            sums[e] += A::load(values.v[e]);
          }
        }
      }
    }
    Pack<T, N> result;
    for (int e = 0; e < N; e++) {
      result.v[e] = A::store(sums[e]);
    }
    i64 to = ((i64)row.quotient * p.g.h + y) * p.g.w + column.rest;
    packs<Pack<T, N>>(gradX + (to * p.channels + channel))[0] = result;
  }
}

KERNEL(FOLD, Fold) { fold<1>(p); }
KERNEL(FOLD_PACKED, Fold) { fold<N_PACKED>(p); }

// ---- depthwise: one channel of x per group

/** Number of outputs of a row that one thread computes with the same weights. */
#define STRIP 4

template <int N> DEVICE void depthwise(const Depthwise& p) {
  Global<T> x = as<T>(p.x);
  Global<T> weight = as<T>(p.weight);
  Global<T> bias = as<T>(p.bias);
  Global<T> out = as<T>(p.out);
  i64 threads = globalThreads();
  for (i64 step = globalThread(); step < p.steps; step += threads) {
    Divided strip = divided((int)step, p.first);
    Divided row = divided(strip.quotient, p.second);
    Divided image = divided(row.quotient, p.third);
    int o = strip.rest * N;
    int channel = N == 1 ? divide(o, p.multiplier) : o;
    int oy = image.rest;
    int ox = row.rest * STRIP;
    C sums[STRIP][N];
    for (int j = 0; j < STRIP; j++) {
      for (int e = 0; e < N; e++) {
        sums[j][e] = 0;
      }
    }
    for (int r = 0; r < p.g.kernelH; r++) {
      int y = oy * p.g.strideH - p.g.padH + r * p.g.dilationH;
      if (!isInside(y, p.g.h)) {
        continue;
      }
      i64 line = ((i64)image.quotient * p.g.h + y) * p.g.w;
      for (int s = 0; s < p.g.kernelW; s++) {
        i64 tap = r * p.g.kernelW + s;
        Pack<T, N> factors = packAt<N>(weight, tap * p.outChannels + o);
        int column = ox * p.g.strideW - p.g.padW + s * p.g.dilationW;
        for (int j = 0; j < STRIP; j++) {
          if (ox + j < p.g.ow && isInside(column, p.g.w)) {
            Pack<T, N> values = packAt<N>(x, (line + column) * p.channels + channel);
            for (int e = 0; e < N; e++) {
              sums[j][e] += A::load(values.v[e]) * A::load(factors.v[e]);
            }
          }
          column += p.g.strideW;
        }
      }
    }
    C shift[N];
    for (int e = 0; e < N; e++) {
      shift[e] = 0;
      if (p.bias != nullptr) {
        T b = bias[(o + e) * p.biasStride];
        shift[e] = A::load(b);
      }
    }
    i64 place = ((i64)image.quotient * p.g.oh + oy) * p.g.ow + ox;
    for (int j = 0; j < STRIP; j++) {
      if (ox + j < p.g.ow) {
        Pack<T, N> result;
        for (int e = 0; e < N; e++) {
          C sum = sums[j][e] + shift[e];
          result.v[e] = A::store(p.relu && sum <= 0 ? (C)0 : sum);
        }
        packs<Pack<T, N>>(out + ((place + j) * p.outChannels + o))[0] = result;
      }
    }
  }
}

KERNEL(DEPTHWISE, Depthwise) { depthwise<1>(p); }
KERNEL(DEPTHWISE_PACKED, Depthwise) { depthwise<N_PACKED>(p); }

template <int N> DEVICE void depthwiseInput(const Depthwise& p) {
  Global<T> gradX = as<T>(p.x);
  Global<T> weight = as<T>(p.weight);
  Global<T> gradOut = as<T>(p.out);
  int multiplier = N == 1 ? (int)p.multiplier.by : 1;
  i64 threads = globalThreads();
  for (i64 step = globalThread(); step < p.steps; step += threads) {
    Divided pixel = divided((int)step, p.first);
    Divided column = divided(pixel.quotient, p.second);
    Divided row = divided(column.quotient, p.third);
    int channel = pixel.rest * N;
    C sums[N];
    for (int e = 0; e < N; e++) {
      sums[e] = 0;
    }
    for (int r = 0; r < p.g.kernelH; r++) {
      int oy = outputOf(row.rest + p.g.padH, r, p.g.dilationH, p.byStrideH, p.g.oh);
      if (oy < 0) {
        continue;
      }
      i64 line = ((i64)row.quotient * p.g.oh + oy) * p.g.ow;
      for (int s = 0; s < p.g.kernelW; s++) {
        int ox = outputOf(column.rest + p.g.padW, s, p.g.dilationW, p.byStrideW, p.g.ow);
        if (ox < 0) {
          continue;
        }
        i64 tap = r * p.g.kernelW + s;
        for (int o = channel * multiplier; o < (channel + 1) * multiplier; o++) {
          Pack<T, N> grads = packAt<N>(gradOut, (line + ox) * p.outChannels + o);
          Pack<T, N> factors = packAt<N>(weight, tap * p.outChannels + o);
          for (int e = 0; e < N; e++) {
            sums[e] += A::load(grads.v[e]) * A::load(factors.v[e]);
          }
        }
      }
    }
    Pack<T, N> result;
    for (int e = 0; e < N; e++) {
      result.v[e] = A::store(sums[e]);
    }
    packs<Pack<T, N>>(gradX + ((i64)pixel.quotient * p.channels + channel))[0] = result;
  }
}

KERNEL(DEPTHWISE_INPUT, Depthwise) { depthwiseInput<1>(p); }
KERNEL(DEPTHWISE_INPUT_PACKED, Depthwise) { depthwiseInput<N_PACKED>(p); }

// ---- sums over places, in two stages: a block sums a segment of the rows of some columns, then
// the segments are summed. The threads of a block are divided into lanes, one per column; the host
// passes their number as a power of two.

/** Adds the values of all threads of a lane, in a fixed order; thread {@code lane} receives the
 * sum. */
template <class S> DEVICE S sumOfLane(Global<S> shared, S value, int lanes) {
  int thread = threadIdx.x;
  shared[thread] = value;
  __syncthreads();
  for (int half = THREADS / 2; half >= lanes; half /= 2) {
    if (thread < half) {
      S mine = shared[thread];
      S other = shared[thread + half];
      shared[thread] = mine + other;
    }
    __syncthreads();
  }
  S sum = 0;
  if (thread < lanes) {
    sum = shared[thread];
  }
  __syncthreads();
  return sum;
}

KERNEL(SUMS, Sums) {
  SHARED(C, shared, THREADS);
  Global<T> in = as<T>(p.in);
  Global<C> parts = as<C>(p.parts);
  int lanes = 1 << p.lanesLog;
  int lane = threadIdx.x & (lanes - 1);
  int rowsAtOnce = THREADS >> p.lanesLog;
  i64 first = blockIdx.x * p.perSegment;
  i64 end = smaller(first + p.perSegment, p.rows);
  for (i64 tile = blockIdx.y; tile << p.lanesLog < p.columns; tile += gridDim.y) {
    i64 column = (tile << p.lanesLog) + lane;
    C sum = 0;
    if (column < p.columns) {
      for (i64 row = first + (threadIdx.x >> p.lanesLog); row < end; row += rowsAtOnce) {
        T value = in[row * p.columns + column];
        sum += A::load(value);
      }
    }
    sum = sumOfLane<C>(shared, sum, lanes);
    if ((int)threadIdx.x < lanes && column < p.columns) {
      parts[blockIdx.x * p.columns + column] = sum;
    }
  }
}

KERNEL(COLLECT, Collect) {
  SHARED(double, shared, THREADS);
  Global<C> parts = as<C>(p.parts);
  Global<T> out = as<T>(p.out);
  int lanes = 1 << p.lanesLog;
  int lane = threadIdx.x & (lanes - 1);
  int rowsAtOnce = THREADS >> p.lanesLog;
  for (i64 tile = blockIdx.x; tile << p.lanesLog < p.columns; tile += gridDim.x) {
    i64 column = (tile << p.lanesLog) + lane;
    double sum = 0;
    if (column < p.columns) {
      for (i64 row = threadIdx.x >> p.lanesLog; row < p.rows; row += rowsAtOnce) {
        C value = parts[row * p.columns + column];
        sum += value;
      }
    }
    sum = sumOfLane<double>(shared, sum, lanes);
    if ((int)threadIdx.x < lanes && column < p.columns) {
      int tap = (int)(column / p.channels);
      i64 channel = column - (i64)tap * p.channels;
      i64 row = tap / p.kernelW;
      i64 at = channel * p.strideC + row * p.strideH + (tap - row * p.kernelW) * p.strideW;
      out[at] = A::store(sum);
    }
  }
}

/** Number of taps that one block sums at once. */
#define TAPS 9

/** Sums of gradOut times x under each tap, for one segment of places. */
KERNEL(DEPTHWISE_WEIGHT, DepthwiseWeight) {
  SHARED(C, shared, THREADS);
  Global<T> gradOut = as<T>(p.gradOut);
  Global<T> x = as<T>(p.x);
  Global<C> parts = as<C>(p.parts);
  int lanes = 1 << p.lanesLog;
  int taps = p.g.kernelH * p.g.kernelW;
  int groups = (taps + TAPS - 1) / TAPS;
  int tiles = (p.outChannels + lanes - 1) >> p.lanesLog;
  int first = (int)(blockIdx.x * p.perSegment);
  int end = (int)smaller((i64)first + p.perSegment, p.places);
  for (int task = blockIdx.y; task < tiles * groups; task += gridDim.y) {
    int firstTap = task / tiles * TAPS;
    int o = (task % tiles << p.lanesLog) + (threadIdx.x & (lanes - 1));
    int channel = divide(o, p.multiplier);
    int dy[TAPS];
    int dx[TAPS];
    C sums[TAPS];
#pragma unroll
    for (int t = 0; t < TAPS; t++) {
      Divided at = divided(firstTap + t, p.byKernelW);
      dy[t] = firstTap + t < taps ? at.quotient * p.g.dilationH : 1 << 30; // never inside
      dx[t] = at.rest * p.g.dilationW;
      sums[t] = 0;
    }
    if (o < p.outChannels) {
      for (int place = first + (threadIdx.x >> p.lanesLog); place < end;
           place += THREADS >> p.lanesLog) {
        Window window = windowOf(p.g, place, p.byOutHW, p.byOutW);
        T element = gradOut[(i64)place * p.outChannels + o];
        C grad = A::load(element);
        i64 image = window.image * p.g.h;
#pragma unroll
        for (int t = 0; t < TAPS; t++) {
          int y = window.y + dy[t];
          int column = window.x + dx[t];
          if (isInside(y, p.g.h) && isInside(column, p.g.w)) {
            T value = x[((image + y) * p.g.w + column) * p.channels + channel];
            sums[t] += grad * A::load(value);
          }
        }
      }
    }
#pragma unroll
    for (int t = 0; t < TAPS; t++) {
      if (firstTap + t < taps) {
        C sum = sumOfLane<C>(shared, sums[t], lanes);
        if ((int)threadIdx.x < lanes && o < p.outChannels) {
          parts[((i64)blockIdx.x * taps + firstTap + t) * p.outChannels + o] = sum;
        }
      }
    }
  }
}
