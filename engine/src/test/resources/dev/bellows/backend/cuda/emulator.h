// What kernels on the host and the emulator that runs them know of each other.

#include <cstddef>
#include <cstdint>

struct EmulatedDim {
  uint32_t x, y, z;
};

/** Where the running thread is, and what it may ask for. */
struct Emulator {
  EmulatedDim threadIdx, blockIdx, blockDim, gridDim;
  /** Checks that memory of the allocation that base points into may be read, or written. */
  void (*access)(const void* base, const void* at, size_t bytes, bool write);
  /** An atomic access, which no other access of the same kind races with. */
  void (*atomic)(const void* at, size_t bytes);
  void* (*shared)(const void* key, size_t bytes);
  void (*barrier)(int line);
  void (*warpBarrier)();
  /** Gives a value to the warp's other lanes and takes that of one of them. */
  void (*exchange)(const void* mine, void* theirs, size_t bytes, int lane);
  void (*fail)(const char* what);
};
