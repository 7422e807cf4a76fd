// Element types, arrays and errors, on which every kernel file builds.

#define FLOAT_NAN floatOf(0x7FC00000u)
#define FLOAT_INF floatOf(0x7F800000u)
#define DOUBLE_NAN doubleOf(0x7FF8000000000000ull)
#define DOUBLE_INF doubleOf(0x7FF0000000000000ull)

DEVICE bool isNan(float x) { return x != x; }
DEVICE bool isNan(double x) { return x != x; }
DEVICE bool isNan(i64) { return false; }

DEVICE u16 floatToBrain(float f) {
  u32 bits = bitsOf(f);
  if (isNan(f)) {
    return (u16)((bits >> 16) | 0x40);
  }
  return (u16)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
}

/** Converts towards zero; NaN gives 0 and values out of range the nearest long, as in Java. */
DEVICE i64 toLong(double x) {
  if (isNan(x)) {
    return 0;
  }
  if (x >= 9223372036854775808.0) {
    return 0x7FFFFFFFFFFFFFFFll;
  }
  if (x <= -9223372036854775808.0) {
    return -0x7FFFFFFFFFFFFFFFll - 1;
  }
  return (i64)x;
}

// An element type: T is the type in memory, C the arithmetic type.

struct FLOAT32 {
  typedef float T;
  typedef float C;
  DEVICE C load(T x) { return x; }
  DEVICE T store(float x) { return x; }
  DEVICE T store(double x) { return (float)x; }
  DEVICE T store(i64 x) { return (float)x; }
};

struct FLOAT64 {
  typedef double T;
  typedef double C;
  DEVICE C load(T x) { return x; }
  DEVICE T store(float x) { return x; }
  DEVICE T store(double x) { return x; }
  DEVICE T store(i64 x) { return (double)x; }
};

struct FLOAT16 {
  typedef u16 T;
  typedef float C;
  DEVICE C load(T x) { return halfToFloat(x); }
  DEVICE T store(float x) { return floatToHalf(x); }
  DEVICE T store(double x) { return floatToHalf((float)x); }
  DEVICE T store(i64 x) { return floatToHalf((float)(double)x); }
};

struct BFLOAT16 {
  typedef u16 T;
  typedef float C;
  DEVICE C load(T x) { return floatOf((u32)x << 16); }
  DEVICE T store(float x) { return floatToBrain(x); }
  DEVICE T store(double x) { return floatToBrain((float)x); }
  DEVICE T store(i64 x) { return floatToBrain((float)(double)x); }
};

template <class Memory> struct Whole {
  typedef Memory T;
  typedef i64 C;
  DEVICE C load(T x) { return x; }
  DEVICE T store(float x) { return (T)toLong(x); }
  DEVICE T store(double x) { return (T)toLong(x); }
  DEVICE T store(i64 x) { return (T)x; }
};

struct INT64 : Whole<i64> {};
struct INT32 : Whole<int> {};
struct INT16 : Whole<short> {};
struct INT8 : Whole<i8> {};
struct UINT8 : Whole<u8> {};

struct BOOL {
  typedef u8 T;
  typedef i64 C;
  DEVICE C load(T x) { return x != 0; }
  DEVICE T store(float x) { return x != 0; }
  DEVICE T store(double x) { return x != 0; }
  DEVICE T store(i64 x) { return x != 0; }
};

/** The type in which values of a type are summed. */
template <class C> struct Wide { typedef double S; };
template <> struct Wide<i64> { typedef i64 S; };

// The first fault, for the host to read. Kernels continue, and skip the element.

struct Fault {
  int code;
  int detail;
  i64 value;
  i64 limit;
};

DEVICE void report(Address fault, int code, int detail, i64 value, i64 limit) {
  Global<Fault> f = as<Fault>(fault);
  if (compareAndSwap(as<int>(fault), 0, code) == 0) {
    Fault all;
    all.code = code;
    all.detail = detail;
    all.value = value;
    all.limit = limit;
    f[0] = all;
  }
}

#define FAULT_INDEX 1
#define FAULT_DIVISOR 2

// Arrays of any strides. Dimensions of size 1 are dropped, and contiguous ones merged.

#define MAX_DIMS 16

/** Common sizes of N arrays, and their strides in elements. */
template <int N> struct Walk {
  i64 numel;
  int dims;
  /** 0: any strides; 1: all in one order without holes; 2: and aligned for packs. */
  int flat;
  i64 sizes[MAX_DIMS];
  i64 strides[N][MAX_DIMS];
};

/** The positions of element i in N arrays. */
template <int N> struct Places { i64 at[N]; };

template <int N> DEVICE Places<N> placesOf(const Walk<N>& walk, i64 i) {
  Places<N> places;
  for (int k = 0; k < N; k++) {
    places.at[k] = walk.flat == 0 ? 0 : i;
  }
  if (walk.flat != 0) {
    return places;
  }
  if (walk.numel <= 0xFFFFFFFFll) {
    u32 rest = (u32)i;
    for (int d = walk.dims - 1; d >= 0; d--) {
      u32 size = (u32)walk.sizes[d];
      u32 next = rest / size;
      i64 index = rest - next * size;
      rest = next;
      for (int k = 0; k < N; k++) {
        places.at[k] += index * walk.strides[k][d];
      }
    }
    return places;
  }
  i64 rest = i;
  for (int d = walk.dims - 1; d >= 0; d--) {
    i64 next = rest / walk.sizes[d];
    i64 index = rest - next * walk.sizes[d];
    rest = next;
    for (int k = 0; k < N; k++) {
      places.at[k] += index * walk.strides[k][d];
    }
  }
  return places;
}

DEVICE i64 globalThread() { return (i64)blockIdx.x * blockDim.x + threadIdx.x; }
DEVICE i64 globalThreads() { return (i64)gridDim.x * blockDim.x; }

template <class T> DEVICE T larger(T a, T b) { return a > b ? a : b; }
template <class T> DEVICE T smaller(T a, T b) { return a < b ? a : b; }

/** Returns the larger, NaN before all; +0 before −0. */
DEVICE float maximum(float a, float b) {
  return isNan(a) ? a : isNan(b) ? b : a == b ? floatOf(bitsOf(a) & bitsOf(b)) : a > b ? a : b;
}
DEVICE double maximum(double a, double b) {
  return isNan(a) ? a : isNan(b) ? b : a == b ? doubleOf(bitsOf(a) & bitsOf(b)) : a > b ? a : b;
}
DEVICE i64 maximum(i64 a, i64 b) { return a > b ? a : b; }

/** Returns the smaller, NaN before all; −0 before +0. */
DEVICE float minimum(float a, float b) {
  return isNan(a) ? a : isNan(b) ? b : a == b ? floatOf(bitsOf(a) | bitsOf(b)) : a < b ? a : b;
}
DEVICE double minimum(double a, double b) {
  return isNan(a) ? a : isNan(b) ? b : a == b ? doubleOf(bitsOf(a) | bitsOf(b)) : a < b ? a : b;
}
DEVICE i64 minimum(i64 a, i64 b) { return a < b ? a : b; }

// Parameters of elementwise kernels.

struct Unary {
  Address a;
  Address out;
  Address fault;
  Walk<2> walk;
};

/** Operations on an array and a number: {@code real} for floating-point types, {@code whole} for
 * all others. */
struct WithScalar {
  Address a;
  Address out;
  Address fault;
  double real;
  i64 whole;
  Walk<2> walk;
};

struct Binary {
  Address a;
  Address b;
  Address out;
  Address fault;
  double real;
  i64 whole;
  Walk<3> walk;
};
