// Replaces libcuda, libcublas and libnvrtc, so that the binding to them can be tested without a
// device: the functions that it calls, on the emulator. Streams run work immediately, unless it is
// captured. One file builds all three libraries: with -DDRIVER, and without it the other two, which
// use the driver.

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#define EXPORT extern "C" __attribute__((visibility("default")))

#ifdef DRIVER

#include "emulator.cpp"

namespace {

struct Stream {
  bool capturing = false;
};
typedef std::vector<std::function<int()>> Graph;
struct Event {
  bool timed;
};

size_t arenaUsed;
size_t segmentBytes[1 << 16];
bool initialised, bound;
Stream* capturingStream;
Graph* captured;

const int ILLEGAL_ADDRESS = 700, INVALID_VALUE = 1, OUT_OF_MEMORY = 2, NO_CONTEXT = 201;

int status() {
  if (fault.empty()) {
    return 0;
  }
  fprintf(stderr, "rehearsal: %s\n", fault.c_str());
  return ILLEGAL_ADDRESS;
}

int ask(Stream* stream, std::function<int()> work) {
  if (!bound) {
    return NO_CONTEXT;
  }
  if (stream == nullptr) {
    return INVALID_VALUE; // nothing may run on the default stream
  }
  if (stream->capturing) {
    captured->push_back(work);
    return 0;
  }
  return work();
}

} // namespace

EXPORT int cuInit(unsigned) {
  initialised = true;
  return getenv("REHEARSAL_NO_DEVICE") ? 100 : openArena(256 << 20) ? 0 : OUT_OF_MEMORY;
}
EXPORT int cuDeviceGetCount(int* n) { *n = 1; return 0; }
EXPORT int cuDeviceGet(int* device, int index) { *device = index; return index == 0 ? 0 : 101; }
EXPORT int cuDeviceGetName(char* name, int n, int) { snprintf(name, n, "rehearsed"); return 0; }
EXPORT int cuDeviceTotalMem_v2(size_t* bytes, int) { *bytes = 200 << 20; return 0; }
EXPORT int cuDeviceGetAttribute(int* value, int which, int) {
  *value = which == 16 ? 2 : which == 75 ? 9 : 0;
  return 0;
}
EXPORT int cuDevicePrimaryCtxRetain(void** context, int) { *context = &bound; return 0; }
EXPORT int cuCtxSetCurrent(void* context) { bound = context == &bound; return bound ? 0 : 1; }
EXPORT int cuCtxSynchronize() { return status(); }
EXPORT int cuMemAlloc_v2(uint64_t* at, size_t bytes) {
  if (!bound || arenaUsed + bytes > (200 << 20)) {
    return bound ? OUT_OF_MEMORY : NO_CONTEXT;
  }
  *at = (uint64_t)(arena + arenaUsed);
  own(arena + arenaUsed, bytes, true);
  segmentBytes[arenaUsed >> 12] = bytes;
  arenaUsed += (bytes + 4095) / 4096 * 4096;
  return 0;
}
EXPORT int cuMemFree_v2(uint64_t at) {
  size_t offset = (uint8_t*)at - arena;
  if (offset >= arenaUsed || segmentBytes[offset >> 12] == 0) {
    return INVALID_VALUE;
  }
  disown((uint8_t*)at, segmentBytes[offset >> 12]);
  segmentBytes[offset >> 12] = 0;
  return 0;
}
EXPORT int cuMemGetInfo_v2(size_t* free, size_t* total) {
  *total = 200 << 20;
  *free = *total - arenaUsed;
  return 0;
}
EXPORT int cuMemHostAlloc(void** at, size_t bytes, unsigned) { *at = malloc(bytes); return 0; }
EXPORT int cuMemFreeHost(void* at) { free(at); return 0; }
EXPORT int cuMemcpyHtoDAsync_v2(uint64_t to, const void* host, size_t bytes, Stream* stream) {
  return ask(stream, [=] {
    check((uint8_t*)to, bytes, "copy from the host", false);
    if (fault.empty()) {
      memcpy((void*)to, host, bytes);
      memset(states + ((uint8_t*)to - arena), WRITTEN, bytes);
    }
    return status();
  });
}
EXPORT int cuMemcpyDtoHAsync_v2(void* host, uint64_t from, size_t bytes, Stream* stream) {
  return ask(stream, [=] {
    check((uint8_t*)from, bytes, "copy to the host", false);
    if (fault.empty()) {
      memcpy(host, (void*)from, bytes);
    }
    return status();
  });
}
EXPORT int cuMemcpyDtoDAsync_v2(uint64_t to, uint64_t from, size_t bytes, Stream* stream) {
  return ask(stream, [=] {
    check((uint8_t*)from, bytes, "copy", true);
    check((uint8_t*)to, bytes, "copy", false);
    if (fault.empty()) {
      memmove((void*)to, (void*)from, bytes);
      memset(states + ((uint8_t*)to - arena), WRITTEN, bytes);
    }
    return status();
  });
}
EXPORT int cuMemsetD8Async(uint64_t to, uint8_t value, size_t bytes, Stream* stream) {
  return ask(stream, [=] {
    check((uint8_t*)to, bytes, "fill", false);
    if (fault.empty()) {
      memset((void*)to, value, bytes);
      memset(states + ((uint8_t*)to - arena), WRITTEN, bytes);
    }
    return status();
  });
}
EXPORT int cuStreamCreate(Stream** stream, unsigned flags) {
  *stream = new Stream();
  return flags == 1 ? 0 : INVALID_VALUE;
}
EXPORT int cuStreamDestroy_v2(Stream* stream) { delete stream; return 0; }
EXPORT int cuStreamSynchronize(Stream* stream) {
  return stream->capturing ? 900 : status();
}
EXPORT int cuStreamWaitEvent(Stream* stream, Event*, unsigned) {
  return stream != nullptr ? 0 : INVALID_VALUE;
}
EXPORT int cuEventCreate(Event** event, unsigned flags) {
  *event = new Event{(flags & 2) == 0};
  return 0;
}
EXPORT int cuEventDestroy_v2(Event* event) { delete event; return 0; }
EXPORT int cuEventRecord(Event*, Stream*) { return 0; }
EXPORT int cuEventQuery(Event*) { return 0; }
EXPORT int cuEventSynchronize(Event*) { return 0; }
EXPORT int cuEventElapsedTime(float* ms, Event* start, Event* end) {
  *ms = 1.5f;
  return start->timed && end->timed ? 0 : 400;
}
EXPORT int cuModuleLoadData(void** module, const void* image) {
  uint64_t bytes;
  memcpy(&bytes, image, 8);
  char path[] = "/tmp/rehearsal-XXXXXX";
  int file = mkstemp(path);
  FILE* out = fdopen(file, "w");
  fwrite((const char*)image + 8, 1, bytes, out);
  fclose(out);
  *module = loadKernels(path);
  remove(path);
  return *module ? 0 : 200;
}
EXPORT int cuModuleGetFunction(void** function, void* module, const char* name) {
  *function = new std::pair<void*, std::string>(module, name);
  return dlsym(module, name) ? 0 : 500;
}
EXPORT int cuLaunchKernel(void* f, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by,
                          unsigned bz, unsigned, Stream* stream, void** params, void** extra) {
  if (gz != 1 || by != 1 || bz != 1 || params || !extra || extra[0] != (void*)1 ||
      extra[2] != (void*)2 || extra[4] != nullptr) {
    return INVALID_VALUE;
  }
  auto* function = (std::pair<void*, std::string>*)f;
  size_t bytes = *(size_t*)extra[3];
  if (*(size_t*)dlsym(function->first, (function->second + "_bytes").c_str()) != bytes) {
    return INVALID_VALUE;
  }
  std::vector<char> copy((char*)extra[1], (char*)extra[1] + bytes);
  return ask(stream, [=] {
    kernelName = function->second;
    runGrid((void (*)(const void*))dlsym(function->first, function->second.c_str()), gx, gy, bx,
            copy.data(), 1);
    return status();
  });
}
EXPORT int cuStreamBeginCapture_v2(Stream* stream, int mode) {
  stream->capturing = true;
  capturingStream = stream;
  captured = new Graph();
  return mode == 2 ? 0 : INVALID_VALUE;
}
EXPORT int cuStreamEndCapture(Stream* stream, Graph** graph) {
  stream->capturing = false;
  *graph = captured;
  return 0;
}
EXPORT int cuGraphInstantiateWithFlags(Graph** exec, Graph* graph, uint64_t) {
  *exec = new Graph(*graph);
  return 0;
}
EXPORT int cuGraphLaunch(Graph* exec, Stream* stream) {
  for (auto& work : *exec) {
    if (int failed = ask(stream, work)) {
      return failed;
    }
  }
  return 0;
}
EXPORT int cuGraphExecDestroy(Graph* exec) { delete exec; return 0; }
EXPORT int cuGraphDestroy(Graph* graph) { delete graph; return 0; }

/** For the BLAS: runs in the order of a stream, with memory checked. */
EXPORT int rehearsalAsk(void* stream, std::function<int()>* work) {
  return ask((Stream*)stream, *work);
}
EXPORT int rehearsalTouch(const void* at, size_t bytes, bool write) {
  check((uint8_t*)at, bytes, "matrix", !write);
  if (write && fault.empty()) {
    memset(states + ((uint8_t*)at - arena), WRITTEN, bytes);
  }
  return status();
}

#else

// ---- cuBLAS

EXPORT int rehearsalAsk(void* stream, std::function<int()>* work);
EXPORT int rehearsalTouch(const void* at, size_t bytes, bool write);

namespace {

struct Blas {
  void* stream;
  void* workspace;
};

double halfToDouble(uint16_t h) {
  int exponent = h >> 10 & 31;
  int fraction = h & 1023;
  double value = exponent == 0    ? ldexp(fraction, -24)
                 : exponent == 31 ? (fraction ? NAN : INFINITY)
                                  : ldexp(1024 + fraction, exponent - 25);
  return h >> 15 ? -value : value;
}

uint16_t doubleToHalf(double value) {
  uint16_t sign = std::signbit(value) ? 0x8000 : 0;
  if (value != value) {
    return sign | 0x7E00;
  }
  int exponent;
  double size = fabs(value);
  frexp(size, &exponent);
  int unit = exponent - 11 < -24 ? -24 : exponent - 11;
  size = ldexp(nearbyint(ldexp(size, -unit)), unit);
  if (size >= 65536) {
    return sign | 0x7C00;
  }
  if (size < ldexp(1, -14)) {
    return sign | (uint16_t)ldexp(size, 24);
  }
  frexp(size, &exponent);
  return sign | (uint16_t)(((exponent + 14) << 10) + (int)ldexp(size, 11 - exponent) - 1024);
}

double load(const void* at, int type, size_t i) {
  switch (type) {
    case 2: return halfToDouble(((const uint16_t*)at)[i]);
    case 0: return ((const float*)at)[i];
    case 1: return ((const double*)at)[i];
    case 14: {
      uint32_t bits = (uint32_t)((const uint16_t*)at)[i] << 16;
      float f;
      memcpy(&f, &bits, 4);
      return f;
    }
    default: return NAN;
  }
}

void store(void* at, int type, size_t i, double value) {
  switch (type) {
    case 2: ((uint16_t*)at)[i] = doubleToHalf(value); break;
    case 0: ((float*)at)[i] = (float)value; break;
    case 1: ((double*)at)[i] = value; break;
    case 14: {
      float f = (float)value;
      uint32_t bits;
      memcpy(&bits, &f, 4);
      ((uint16_t*)at)[i] = (uint16_t)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
      break;
    }
  }
}

size_t sizeOf(int type) { return type == 1 ? 8 : type == 0 ? 4 : 2; }

} // namespace

EXPORT int cublasCreate_v2(Blas** blas) { *blas = new Blas(); return 0; }
EXPORT int cublasDestroy_v2(Blas* blas) { delete blas; return 0; }
EXPORT int cublasSetStream_v2(Blas* blas, void* stream) {
  blas->stream = stream;
  blas->workspace = nullptr;
  return 0;
}
EXPORT int cublasSetWorkspace_v2(Blas* blas, void* at, size_t bytes) {
  blas->workspace = at;
  return rehearsalTouch(at, bytes, true) ? 7 : 0;
}
EXPORT int cublasGemmStridedBatchedEx(Blas* blas, int opA, int opB, int m, int n, int k,
                                      const void* alpha, const void* a, int typeA, int lda,
                                      long long strideA, const void* b, int typeB, int ldb,
                                      long long strideB, const void* beta, void* c, int typeC,
                                      int ldc, long long strideC, int batch, int compute, int) {
  if (!blas->workspace || typeA != typeB || typeA != typeC ||
      compute != (typeA == 1 ? 70 : 68) && !(typeA == 0 && compute == 77) || ldc < m ||
      lda < (opA ? k : m) || ldb < (opB ? n : k)) {
    return 7;
  }
  double one = typeA == 1 ? *(const double*)alpha : *(const float*)alpha;
  double keep = typeA == 1 ? *(const double*)beta : *(const float*)beta;
  std::function<int()> work = [=] {
    size_t size = sizeOf(typeA);
    for (int i = 0; i < batch; i++) {
      const char* ai = (const char*)a + i * strideA * size;
      const char* bi = (const char*)b + i * strideB * size;
      char* ci = (char*)c + i * strideC * size;
      for (int column = 0; column < n; column++) {
        for (int row = 0; row < m; row++) {
          double sum = 0;
          for (int t = 0; t < k; t++) {
            size_t atA = opA ? t + (size_t)row * lda : row + (size_t)t * lda;
            size_t atB = opB ? column + (size_t)t * ldb : t + (size_t)column * ldb;
            if (rehearsalTouch(ai + atA * size, size, false) ||
                rehearsalTouch(bi + atB * size, size, false)) {
              return 13;
            }
            sum += load(ai, typeA, atA) * load(bi, typeA, atB);
          }
          size_t at = row + (size_t)column * ldc;
          double old = keep == 0 ? 0 : load(ci, typeA, at);
          if (rehearsalTouch(ci + at * size, size, true)) {
            return 13;
          }
          store(ci, typeA, at, one * sum + keep * old);
        }
      }
    }
    return 0;
  };
  return rehearsalAsk(blas->stream, &work);
}

// ---- NVRTC: the machine's C++ compiler, behind the emulator's platform

namespace {

struct Program {
  std::string source, image, log;
};

std::string contents(const std::string& path) {
  std::string text;
  if (FILE* in = fopen(path.c_str(), "r")) {
    char buffer[65536];
    for (size_t n; (n = fread(buffer, 1, sizeof buffer, in)) > 0;) {
      text.append(buffer, n);
    }
    fclose(in);
  }
  return text;
}

} // namespace

EXPORT int nvrtcVersion(int* major, int* minor) { *major = 12; *minor = 6; return 0; }
EXPORT int nvrtcCreateProgram(Program** program, const char* source, const char*, int headers,
                              const char* const*, const char* const*) {
  std::string platform = contents(getenv("REHEARSAL_PLATFORM"));
  std::string text = source;
  *program = new Program();
  // The real platform's part comes first, as long as the file that it was read from.
  (*program)->source = platform + text.substr(atoi(getenv("REHEARSAL_PLATFORM_BYTES")));
  return headers == 0 ? 0 : 3;
}
EXPORT int nvrtcDestroyProgram(Program** program) {
  delete *program;
  *program = nullptr;
  return 0;
}
EXPORT int nvrtcCompileProgram(Program* program, int n, const char* const* options) {
  char folder[] = "/tmp/rehearsal-XXXXXX";
  if (!mkdtemp(folder)) {
    return 1;
  }
  std::string base = folder;
  std::string command = "g++ -std=c++17 -O1 -fPIC -shared -fvisibility=hidden -ffp-contract=off "
                        "-fno-strict-aliasing -w -o " + base + "/k.so " + base + "/k.cpp";
  bool architecture = false;
  for (int i = 0; i < n; i++) {
    architecture |= strcmp(options[i], "--gpu-architecture=sm_90") == 0;
    if (strncmp(options[i], "-D", 2) == 0) {
      command += " '" + std::string(options[i]) + "'";
    }
  }
  FILE* out = fopen((base + "/k.cpp").c_str(), "w");
  fwrite(program->source.data(), 1, program->source.size(), out);
  fclose(out);
  int failed = system((command + " 2> " + base + "/log").c_str());
  program->log = contents(base + "/log");
  std::string image = contents(base + "/k.so");
  uint64_t bytes = image.size();
  program->image = std::string((char*)&bytes, 8) + image;
  for (const char* name : {"/k.cpp", "/k.so", "/log", ""}) {
    remove((base + name).c_str());
  }
  return !architecture ? 5 : failed ? 6 : 0;
}
EXPORT int nvrtcGetProgramLogSize(Program* program, size_t* n) {
  *n = program->log.size() + 1;
  return 0;
}
EXPORT int nvrtcGetProgramLog(Program* program, char* log) {
  strcpy(log, program->log.c_str());
  return 0;
}
EXPORT int nvrtcGetCUBINSize(Program* program, size_t* n) {
  *n = program->image.size();
  return 0;
}
EXPORT int nvrtcGetCUBIN(Program* program, char* image) {
  memcpy(image, program->image.data(), program->image.size());
  return 0;
}

#endif
