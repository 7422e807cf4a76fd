// The platform interface of the kernels. Tests replace this file by one for the host, which checks
// every access; kernels must therefore access memory only through Global<T> and SHARED, and declare
// a kernel as KERNEL(name, Params): one struct with all parameters, without internal padding.

#define DEVICE static __device__ __forceinline__
#define KERNEL(name, Params) extern "C" __global__ void name(const Params p)
#define SHARED(T, name, n) __shared__ T name[n]

typedef long long i64;
typedef unsigned long long u64;
typedef unsigned int u32;
typedef unsigned short u16;
typedef unsigned char u8;
typedef signed char i8;

/** Device memory. */
template <class T> using Global = T*;
/** A device address as the host passes it, of any type. */
typedef u8* Address;

template <class T> DEVICE T* as(Address a) { return reinterpret_cast<T*>(a); }

/** N elements that are read and written at once; aligned to their total size. */
template <class T, int N> struct alignas(sizeof(T) * N) Pack { T v[N]; };

template <class P, class T> DEVICE P* packs(T* p) { return reinterpret_cast<P*>(p); }

DEVICE float halfToFloat(u16 h) {
  float f;
  asm("cvt.f32.f16 %0, %1;" : "=f"(f) : "h"(h));
  return f;
}

DEVICE u16 floatToHalf(float f) {
  u16 h;
  asm("cvt.rn.f16.f32 %0, %1;" : "=h"(h) : "f"(f));
  return h;
}

DEVICE u32 bitsOf(float f) { return __float_as_uint(f); }
DEVICE float floatOf(u32 bits) { return __uint_as_float(bits); }
DEVICE u64 bitsOf(double f) { return (u64)__double_as_longlong(f); }
DEVICE double doubleOf(u64 bits) { return __longlong_as_double((i64)bits); }

DEVICE u32 multiplyHigh(u32 a, u32 b) { return __umulhi(a, b); }
DEVICE u64 multiplyHigh(u64 a, u64 b) { return __umul64hi(a, b); }

DEVICE int compareAndSwap(int* p, int expected, int value) {
  return atomicCAS(p, expected, value);
}
