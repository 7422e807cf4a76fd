// The platform of kernels that run on the host: platform.cu's counterpart. Every access to memory is
// checked for bounds, for content that was never written, for alignment, and for races.

#include <cmath>
#include <cstring>

using std::isinf;
using std::isnan;

extern "C" {
__attribute__((visibility("default"))) Emulator* emulator;
}

#define threadIdx (emulator->threadIdx)
#define blockIdx (emulator->blockIdx)
#define blockDim (emulator->blockDim)
#define gridDim (emulator->gridDim)
#define __syncthreads() emulator->barrier(__LINE__)
#define __syncwarp() emulator->warpBarrier()

#define DEVICE static inline
#define KERNEL(name, Params) \
  static void name##_body(const Params& p); \
  extern "C" __attribute__((visibility("default"))) void name(const void* p) { \
    name##_body(*static_cast<const Params*>(p)); \
  } \
  extern "C" __attribute__((visibility("default"))) const size_t name##_bytes = sizeof(Params); \
  static void name##_body(const Params& p)

typedef long long i64;
typedef unsigned long long u64;
typedef unsigned int u32;
typedef unsigned short u16;
typedef unsigned char u8;
typedef signed char i8;

template <class T> struct Place {
  T* at;
  const void* base;

  operator T() const {
    check(false);
    T value;
    memcpy(&value, at, sizeof(T));
    return value;
  }
  const Place& operator=(T value) const {
    check(true);
    memcpy(at, &value, sizeof(T));
    return *this;
  }
  const Place& operator=(const Place& other) const { return *this = (T)other; }
  const Place& operator+=(T value) const { return *this = (T)(*this) + value; }

 private:
  void check(bool write) const {
    if (reinterpret_cast<uintptr_t>(at) % alignof(T) != 0) {
      emulator->fail("misaligned address");
    }
    emulator->access(base, at, sizeof(T), write);
  }
};

template <class T> struct Global {
  T* p;
  Place<T> operator[](i64 i) const { return {p + i, p}; }
  Global operator+(i64 n) const { return {p + n}; }
};

typedef u8* Address;

template <class T> DEVICE Global<T> as(Address a) { return {reinterpret_cast<T*>(a)}; }

template <class T, int N> struct alignas(sizeof(T) * N) Pack { T v[N]; };

template <class P, class T> DEVICE Global<P> packs(Global<T> a) {
  return {reinterpret_cast<P*>(a.p)};
}

template <class T> DEVICE Global<T> sharedArray(const void* key, size_t n) {
  return {static_cast<T*>(emulator->shared(key, n * sizeof(T)))};
}

#define SHARED(T, name, n) \
  static const char name##_key = 0; \
  Global<T> name = sharedArray<T>(&name##_key, n)

template <class T> DEVICE T exchanged(T value, int lane) {
  T other;
  emulator->exchange(&value, &other, sizeof(T), lane);
  return other;
}

template <class T> DEVICE T __shfl_sync(u32, T value, int lane) {
  return exchanged(value, lane & 31);
}
template <class T> DEVICE T __shfl_xor_sync(u32, T value, int mask) {
  return exchanged(value, (int)(threadIdx.x & 31) ^ mask);
}
template <class T> DEVICE T __shfl_up_sync(u32, T value, int n) {
  int lane = (int)(threadIdx.x & 31);
  return exchanged(value, lane < n ? lane : lane - n);
}
template <class T> DEVICE T __shfl_down_sync(u32, T value, int n) {
  int lane = (int)(threadIdx.x & 31);
  return exchanged(value, lane + n > 31 ? lane : lane + n);
}

DEVICE u32 __ballot_sync(u32, bool flag) {
  u32 bits = (u32)flag << (threadIdx.x & 31);
  for (int mask = 16; mask > 0; mask /= 2) {
    bits |= __shfl_xor_sync(0xffffffffu, bits, mask);
  }
  return bits;
}
DEVICE int __popc(u32 bits) { return __builtin_popcount(bits); }

DEVICE u32 bitsOf(float f) { u32 b; memcpy(&b, &f, 4); return b; }
DEVICE float floatOf(u32 b) { float f; memcpy(&f, &b, 4); return f; }
DEVICE u64 bitsOf(double f) { u64 b; memcpy(&b, &f, 8); return b; }
DEVICE double doubleOf(u64 b) { double f; memcpy(&f, &b, 8); return f; }

DEVICE float halfToFloat(u16 h) {
  u32 sign = (u32)(h & 0x8000) << 16;
  u32 exponent = (h >> 10) & 31;
  u32 fraction = h & 0x3FF;
  if (exponent == 31) {
    return floatOf(sign | 0x7F800000u | fraction << 13);
  }
  if (exponent == 0) {
    float small = (float)fraction * 5.9604644775390625e-8f;
    return floatOf(sign | bitsOf(small));
  }
  return floatOf(sign | (exponent + 112) << 23 | fraction << 13);
}

DEVICE u16 floatToHalf(float f) {
  u32 bits = bitsOf(f);
  u16 sign = (u16)((bits >> 16) & 0x8000);
  u32 rest = bits & 0x7FFFFFFF;
  if (rest > 0x7F800000) {
    return sign | 0x7E00;
  }
  if (rest >= 0x477FF000) {
    return sign | 0x7C00;
  }
  if (rest < 0x38800000) {
    float scaled = floatOf(rest) * 16777216.0f; // in units of the smallest half
    return sign | (u16)(u32)rintf(scaled);
  }
  u32 odd = (rest >> 13) & 1;
  return sign | (u16)((rest + 0xFFF + odd - 0x38000000) >> 13);
}

DEVICE u32 multiplyHigh(u32 a, u32 b) { return (u32)((u64)a * b >> 32); }
DEVICE u64 multiplyHigh(u64 a, u64 b) { return (u64)((unsigned __int128)a * b >> 64); }

DEVICE int compareAndSwap(Global<int> g, int expected, int value) {
  emulator->atomic(g.p, sizeof(int));
  int before = *g.p;
  if (before == expected) {
    *g.p = value;
  }
  return before;
}

/** By a first guess and Newton's steps on erf. */
DEVICE double erfinv(double y) {
  if (!(y > -1 && y < 1)) {
    return y == 1 ? HUGE_VAL : y == -1 ? -HUGE_VAL : std::nan("");
  }
  if (y == 0) {
    return y;
  }
  double t = log1p(-fabs(y)) + log1p(fabs(y));
  double c = 4.330746750799873 + t / 2;
  double x = copysign(sqrt(sqrt(c * c - t / 0.147) - c), y);
  for (int i = 0; i < 4; i++) {
    double far = (1 - fabs(y)) - erfc(fabs(x)); // exact where |y| is close to 1
    double error = fabs(y) < 0.5 ? erf(x) - y : y < 0 ? -far : far;
    double slope = 1.1283791670955126 * exp(-x * x);
    x -= error / (slope + x * error);
  }
  return x;
}
