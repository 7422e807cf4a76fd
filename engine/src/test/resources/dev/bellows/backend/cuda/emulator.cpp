// Runs kernels on the host: the threads of a block are fibres on one system thread; blocks run one
// after the other; both run in a seeded random order. All device memory is in one arena, with
// metadata for each byte: its allocation, whether it was ever written, and its last access.

#include <dlfcn.h>
#include <jni.h>
#include <sys/mman.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <unordered_map>
#include <vector>

#include "emulator.h"

namespace {

const size_t GRANULE = 256; // allocations start at multiples of this
const size_t STACK = 64 << 10;
const int WARP = 32;

enum State : uint8_t { FREE, UNWRITTEN, WRITTEN };

uint8_t* arena;
size_t arenaBytes;
size_t sharedBytes = 1 << 20; // at the end of the arena
uint8_t* states;
uint32_t* owners; // one for each granule
uint32_t lastOwner;

// The last access to a location: 0 for none, otherwise launch, block, thread and the number of
// barriers passed. One entry per four bytes, and one per byte for smaller elements.
struct Use {
  uint64_t write, read;
};
Use* wordUses;
Use* byteUses;

Emulator api;
std::string fault;
std::string kernelName;

// ---- one launch

struct Thread {
  int index;
  bool done;
  uint32_t warpEpoch;
};

struct Fibre {
  void* sp;
  uint8_t* stack;
  int thread; // whose code it runs, -1 while idle
};

uint64_t launchId;
uint32_t blockEpoch;
std::vector<Thread> threads;
std::vector<int> order;
size_t started;
std::vector<Fibre*> idle;
std::vector<Fibre*> atBarrier;
std::vector<std::vector<Fibre*>> atWarp;
std::vector<Fibre*> ready;
std::vector<uint8_t> laneValues;
int barrierLine;
int doneThreads;
Fibre* current;
void* schedulerSp;
void (*kernel)(const void*);
const void* kernelParams;
uint64_t randomState;

struct SharedBlock {
  uint8_t* at;
  size_t bytes;
};
std::unordered_map<const void*, SharedBlock> sharedBlocks;
size_t sharedUsed;

uint64_t nextRandom() {
  randomState += 0x9E3779B97F4A7C15ull;
  uint64_t z = randomState;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
  return z ^ (z >> 31);
}

#if defined(__x86_64__)
extern "C" void emulatorSwitch(void** save, void* to);
asm(R"(
.text
.globl emulatorSwitch
.hidden emulatorSwitch
emulatorSwitch:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
)");

void prepare(Fibre* fibre, void (*entry)()) {
  void** top = reinterpret_cast<void**>(fibre->stack + STACK);
  *--top = nullptr; // keeps the stack aligned as after a call
  *--top = reinterpret_cast<void*>(entry);
  for (int i = 0; i < 6; i++) {
    *--top = nullptr;
  }
  fibre->sp = top;
}
#elif defined(__aarch64__)
extern "C" void emulatorSwitch(void** save, void* to);
asm(R"(
.text
.globl emulatorSwitch
.hidden emulatorSwitch
emulatorSwitch:
  sub sp, sp, #160
  stp x19, x20, [sp, #0]
  stp x21, x22, [sp, #16]
  stp x23, x24, [sp, #32]
  stp x25, x26, [sp, #48]
  stp x27, x28, [sp, #64]
  stp x29, x30, [sp, #80]
  stp d8, d9, [sp, #96]
  stp d10, d11, [sp, #112]
  stp d12, d13, [sp, #128]
  stp d14, d15, [sp, #144]
  mov x9, sp
  str x9, [x0]
  mov sp, x1
  ldp x19, x20, [sp, #0]
  ldp x21, x22, [sp, #16]
  ldp x23, x24, [sp, #32]
  ldp x25, x26, [sp, #48]
  ldp x27, x28, [sp, #64]
  ldp x29, x30, [sp, #80]
  ldp d8, d9, [sp, #96]
  ldp d10, d11, [sp, #112]
  ldp d12, d13, [sp, #128]
  ldp d14, d15, [sp, #144]
  add sp, sp, #160
  ret
)");

void prepare(Fibre* fibre, void (*entry)()) {
  uint8_t* top = fibre->stack + STACK - 160;
  memset(top, 0, 160);
  *reinterpret_cast<void**>(top + 88) = reinterpret_cast<void*>(entry);
  fibre->sp = top;
}
#else
#error "the emulator knows how to switch fibres on x86-64 and aarch64 only"
#endif

void yield() {
  Fibre* self = current;
  emulatorSwitch(&self->sp, schedulerSp);
}

std::string where() {
  char text[200];
  snprintf(text, sizeof text, " in kernel %s, block (%u, %u), thread %u", kernelName.c_str(),
           api.blockIdx.x, api.blockIdx.y, api.threadIdx.x);
  return text;
}

/** Ends the launch: the fibre that runs is never resumed. */
void fail(const char* what) {
  fault = std::string(what) + where();
  yield();
  abort();
}

void failAt(const char* what, const void* base, const void* at, const char* more = "") {
  char text[400];
  size_t offset = static_cast<const uint8_t*>(base) - arena;
  size_t granule = offset / GRANULE;
  while (offset < arenaBytes && granule > 0 && owners[granule] != 0 &&
         owners[granule - 1] == owners[granule]) {
    granule--;
  }
  snprintf(text, sizeof text, "%s at byte %zd of its allocation%s", what,
           static_cast<const uint8_t*>(at) - (arena + granule * GRANULE), more);
  fail(text);
}

uint64_t useNow() {
  const Thread& self = threads[api.threadIdx.x];
  uint64_t block = api.blockIdx.x + (uint64_t)api.gridDim.x * api.blockIdx.y;
  return launchId << 36 | (block & 0x3FFF) << 22 | (uint64_t)(api.threadIdx.x & 0x3FF) << 12 |
         (uint64_t)(blockEpoch & 63) << 6 | (self.warpEpoch & 63);
}

/** Whether a use and one that came before it are not ordered by a barrier. */
bool races(uint64_t before, uint64_t now) {
  if (before == 0 || before >> 36 != now >> 36) {
    return false; // of another launch: ordered by the stream
  }
  if ((before >> 22 & 0x3FFF) != (now >> 22 & 0x3FFF)) {
    return true; // of another block
  }
  int threadBefore = before >> 12 & 0x3FF;
  int thread = now >> 12 & 0x3FF;
  if (threadBefore == thread || (before >> 6 & 63) != (now >> 6 & 63)) {
    return false;
  }
  return threadBefore / WARP != thread / WARP || (before & 63) == (now & 63);
}

void note(Use& use, uint64_t now, bool write, const void* at) {
  if (races(use.write, now)) {
    int other = use.write >> 12 & 0x3FF;
    char more[80];
    snprintf(more, sizeof more, " (thread %d wrote it, with no barrier between)", other);
    failAt(write ? "race: write" : "race: read", at, at, more);
  }
  if (write) {
    if (races(use.read, now)) {
      char more[80];
      snprintf(more, sizeof more, " (thread %d read it, with no barrier between)",
               (int)(use.read >> 12 & 0x3FF));
      failAt("race: write", at, at, more);
    }
    use.write = now;
  } else if (use.read == 0 || !races(use.read, now)) {
    use.read = now; // else keep the other thread's, which a write must not race with
  }
}

void access(const void* base, const void* at, size_t bytes, bool write) {
  size_t offset = static_cast<const uint8_t*>(at) - arena;
  if (offset + bytes > arenaBytes || offset > arenaBytes) {
    char text[120];
    snprintf(text, sizeof text, "%s outside the device's memory, at %p", write ? "write" : "read",
             at);
    fail(text);
  }
  size_t from = static_cast<const uint8_t*>(base) - arena;
  uint32_t owner = owners[offset / GRANULE];
  bool same = from < arenaBytes && owner != 0 && owners[from / GRANULE] == owner &&
              owners[(offset + bytes - 1) / GRANULE] == owner;
  for (size_t i = 0; i < bytes; i++) {
    uint8_t state = states[offset + i];
    if (!same || state == FREE) {
      failAt(write ? "write out of bounds" : "read out of bounds", base, at);
    }
    if (!write && state == UNWRITTEN) {
      failAt("read of memory that was never written", base, at);
    }
  }
  if (write) {
    memset(states + offset, WRITTEN, bytes);
  }
  uint64_t now = useNow();
  if (bytes < 4) {
    note(byteUses[offset], now, write, at);
  } else {
    for (size_t i = 0; i < bytes; i += 4) {
      note(wordUses[(offset + i) / 4], now, write, at);
    }
  }
}

void atomicAccess(const void* at, size_t bytes) {
  size_t offset = static_cast<const uint8_t*>(at) - arena;
  for (size_t i = 0; i < bytes; i++) {
    if (offset + bytes > arenaBytes || states[offset + i] == FREE) {
      fail("atomic access out of bounds");
    }
  }
}

void own(uint8_t* at, size_t bytes, bool fresh) {
  size_t offset = at - arena;
  uint32_t owner = ++lastOwner;
  for (size_t g = offset / GRANULE; g <= (offset + std::max<size_t>(bytes, 1) - 1) / GRANULE; g++) {
    owners[g] = owner;
  }
  memset(states + offset, UNWRITTEN, bytes);
  if (fresh) {
    memset(at, 0xA5, bytes);
  }
}

void* shared(const void* key, size_t bytes) {
  auto found = sharedBlocks.find(key);
  if (found != sharedBlocks.end()) {
    return found->second.at;
  }
  size_t room = (bytes + GRANULE - 1) / GRANULE * GRANULE;
  if (sharedUsed + room > (48 << 10)) {
    fail("more than 48 KiB of shared memory");
  }
  uint8_t* at = arena + arenaBytes - sharedBytes + sharedUsed;
  sharedUsed += room;
  memset(states + (at - arena), FREE, room);
  own(at, bytes, true);
  memset(wordUses + (at - arena) / 4, 0, room / 4 * sizeof(Use));
  memset(byteUses + (at - arena), 0, room * sizeof(Use));
  sharedBlocks[key] = {at, bytes};
  return at;
}

void barrier(int line) {
  if (!atBarrier.empty() && barrierLine != line) {
    fail("threads of a block wait at different barriers");
  }
  barrierLine = line;
  atBarrier.push_back(current);
  yield();
}

void warpBarrier() {
  Thread& self = threads[api.threadIdx.x];
  atWarp[self.index / WARP].push_back(current);
  yield();
}

void exchange(const void* mine, void* theirs, size_t bytes, int lane) {
  int thread = api.threadIdx.x;
  int source = thread / WARP * WARP + lane;
  if (bytes > 16 || source >= (int)threads.size()) {
    fail("shuffle from a lane that the block does not have");
  }
  memcpy(&laneValues[thread * 16], mine, bytes);
  warpBarrier();
  memcpy(theirs, &laneValues[source * 16], bytes);
  warpBarrier();
}

/** What a fibre runs: threads that have not started yet, one after the other. */
void runThreads() {
  for (;;) {
    Fibre* self = current;
    while (started < order.size()) {
      int index = order[started++];
      self->thread = index;
      api.threadIdx = {(uint32_t)index, 0, 0};
      kernel(kernelParams);
      threads[index].done = true;
      doneThreads++;
    }
    self->thread = -1;
    idle.push_back(self);
    yield();
  }
}

void resume(Fibre* fibre) {
  current = fibre;
  if (fibre->thread >= 0) {
    api.threadIdx = {(uint32_t)fibre->thread, 0, 0};
  }
  emulatorSwitch(&schedulerSp, fibre->sp);
}

Fibre* freshFibre() {
  if (!idle.empty()) {
    Fibre* fibre = idle.back();
    idle.pop_back();
    return fibre;
  }
  Fibre* fibre = new Fibre();
  fibre->stack = static_cast<uint8_t*>(
      mmap(nullptr, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  fibre->thread = -1;
  prepare(fibre, runThreads);
  return fibre;
}

void shuffleFibres(std::vector<Fibre*>& fibres) {
  for (size_t i = fibres.size(); i > 1; i--) {
    std::swap(fibres[i - 1], fibres[nextRandom() % i]);
  }
}

/** Releases the fibres that no longer wait; returns false if there are none. */
bool release() {
  bool any = false;
  for (size_t w = 0; w < atWarp.size(); w++) {
    size_t lanes = std::min<size_t>(WARP, threads.size() - w * WARP);
    if (atWarp[w].size() == lanes) {
      for (Fibre* fibre : atWarp[w]) {
        threads[fibre->thread].warpEpoch++;
        ready.push_back(fibre);
      }
      atWarp[w].clear();
      any = true;
    }
  }
  if (!any && atBarrier.size() == threads.size()) {
    blockEpoch++;
    ready.insert(ready.end(), atBarrier.begin(), atBarrier.end());
    atBarrier.clear();
    any = true;
  }
  shuffleFibres(ready);
  return any;
}

void runBlock() {
  size_t n = api.blockDim.x;
  threads.assign(n, Thread());
  order.resize(n);
  for (size_t i = 0; i < n; i++) {
    threads[i].index = i;
    order[i] = i;
  }
  for (size_t i = n; i > 1; i--) {
    std::swap(order[i - 1], order[nextRandom() % i]);
  }
  started = 0;
  doneThreads = 0;
  blockEpoch = 0;
  atWarp.assign((n + WARP - 1) / WARP, {});
  atBarrier.clear();
  ready.clear();
  laneValues.assign(n * 16, 0);
  sharedBlocks.clear();
  sharedUsed = 0;
  while (fault.empty() && doneThreads < (int)n) {
    if (!ready.empty()) {
      Fibre* fibre = ready.back();
      ready.pop_back();
      resume(fibre);
    } else if (started < n) {
      resume(freshFibre());
    } else if (!release()) {
      api.threadIdx = {0, 0, 0};
      fault = "some threads of a block wait at a barrier that others never reach" + where();
    }
  }
  if (!fault.empty()) {
    idle.clear(); // their stacks are lost: this is the end of the device
  }
}

void runGrid(void (*function)(const void*), uint32_t gridX, uint32_t gridY, uint32_t blockX,
             const void* params, uint64_t seed) {
  kernel = function;
  kernelParams = params;
  launchId++;
  randomState = seed;
  api.blockDim = {blockX, 1, 1};
  api.gridDim = {gridX, gridY, 1};
  std::vector<uint64_t> blocks((size_t)gridX * gridY);
  for (size_t i = 0; i < blocks.size(); i++) {
    blocks[i] = i;
  }
  for (size_t i = blocks.size(); i > 1; i--) {
    std::swap(blocks[i - 1], blocks[nextRandom() % i]);
  }
  for (uint64_t block : blocks) {
    api.blockIdx = {(uint32_t)(block % gridX), (uint32_t)(block / gridX), 0};
    runBlock();
    if (!fault.empty()) {
      return;
    }
  }
}

void check(uint8_t* at, size_t bytes, const char* what, bool read) {
  size_t offset = at - arena;
  for (size_t i = 0; i < bytes; i++) {
    uint8_t state = offset + bytes <= arenaBytes ? states[offset + i] : (uint8_t)FREE;
    if (state == FREE || (read && state == UNWRITTEN)) {
      char text[160];
      snprintf(text, sizeof text, "%s of %zu bytes %s, at byte %zu", what, bytes,
               state == FREE ? "out of bounds" : "of memory that was never written", i);
      fault = text;
      return;
    }
  }
}

void* reserve(size_t bytes) {
  void* at = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return at == MAP_FAILED ? nullptr : at;
}

int64_t openArena(int64_t bytes) {
  arenaBytes = bytes + sharedBytes;
  arena = static_cast<uint8_t*>(reserve(arenaBytes));
  states = static_cast<uint8_t*>(reserve(arenaBytes));
  owners = static_cast<uint32_t*>(reserve(arenaBytes / GRANULE * 4 + 8));
  wordUses = static_cast<Use*>(reserve(arenaBytes / 4 * sizeof(Use)));
  byteUses = static_cast<Use*>(reserve(arenaBytes * sizeof(Use)));
  if (!arena || !states || !owners || !wordUses || !byteUses) {
    return 0;
  }
  api.access = access;
  api.atomic = atomicAccess;
  api.shared = shared;
  api.barrier = barrier;
  api.warpBarrier = warpBarrier;
  api.exchange = exchange;
  api.fail = fail;
  return reinterpret_cast<int64_t>(arena);
}

void* loadKernels(const char* file) {
  void* handle = dlopen(file, RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    fprintf(stderr, "emulator: %s\n", dlerror());
  } else {
    *static_cast<Emulator**>(dlsym(handle, "emulator")) = &api;
  }
  return handle;
}

void disown(uint8_t* at, size_t bytes) {
  size_t offset = at - arena;
  memset(states + offset, FREE, bytes);
  for (size_t g = offset / GRANULE; g < (offset + bytes + GRANULE - 1) / GRANULE; g++) {
    owners[g] = 0;
  }
}

jstring answer(JNIEnv* env) {
  if (fault.empty()) {
    return nullptr;
  }
  std::string text;
  text.swap(fault);
  return env->NewStringUTF(text.c_str());
}

} // namespace

#define NATIVE(type, name) \
  extern "C" JNIEXPORT type JNICALL Java_dev_bellows_backend_cuda_Emulation_##name

NATIVE(jlong, open)(JNIEnv*, jclass, jlong bytes) { return openArena(bytes); }

NATIVE(void, own)(JNIEnv*, jclass, jlong at, jlong bytes) {
  own(reinterpret_cast<uint8_t*>(at), bytes, true);
}

NATIVE(void, disown)(JNIEnv*, jclass, jlong at, jlong bytes) {
  disown(reinterpret_cast<uint8_t*>(at), bytes);
}

NATIVE(jstring, touch)(JNIEnv* env, jclass, jlong at, jlong bytes, jboolean write) {
  uint8_t* p = reinterpret_cast<uint8_t*>(at);
  check(p, bytes, write ? "write" : "read", !write);
  if (fault.empty() && write) {
    memset(states + (p - arena), WRITTEN, bytes);
  }
  return answer(env);
}

NATIVE(jstring, copyIn)(JNIEnv* env, jclass, jlong to, jlong host, jlong bytes) {
  uint8_t* p = reinterpret_cast<uint8_t*>(to);
  check(p, bytes, "copy from the host", false);
  if (fault.empty()) {
    memcpy(p, reinterpret_cast<void*>(host), bytes);
    memset(states + (p - arena), WRITTEN, bytes);
  }
  return answer(env);
}

NATIVE(jstring, copyOut)(JNIEnv* env, jclass, jlong host, jlong from, jlong bytes) {
  uint8_t* p = reinterpret_cast<uint8_t*>(from);
  check(p, bytes, "copy to the host", false);
  if (fault.empty()) {
    memcpy(reinterpret_cast<void*>(host), p, bytes);
  }
  return answer(env);
}

NATIVE(jstring, copyWithin)(JNIEnv* env, jclass, jlong to, jlong from, jlong bytes) {
  uint8_t* p = reinterpret_cast<uint8_t*>(to);
  uint8_t* q = reinterpret_cast<uint8_t*>(from);
  check(p, bytes, "copy", false);
  check(q, bytes, "copy", false);
  if (fault.empty()) {
    memmove(p, q, bytes);
    memmove(states + (p - arena), states + (q - arena), bytes);
  }
  return answer(env);
}

NATIVE(jstring, set)(JNIEnv* env, jclass, jlong to, jint value, jlong bytes) {
  uint8_t* p = reinterpret_cast<uint8_t*>(to);
  check(p, bytes, "fill", false);
  if (fault.empty()) {
    memset(p, value, bytes);
    memset(states + (p - arena), WRITTEN, bytes);
  }
  return answer(env);
}

NATIVE(jlong, load)(JNIEnv* env, jclass, jstring path) {
  const char* file = env->GetStringUTFChars(path, nullptr);
  void* handle = loadKernels(file);
  env->ReleaseStringUTFChars(path, file);
  return reinterpret_cast<jlong>(handle);
}

NATIVE(jlong, symbol)(JNIEnv* env, jclass, jlong module, jstring name) {
  const char* text = env->GetStringUTFChars(name, nullptr);
  void* at = dlsym(reinterpret_cast<void*>(module), text);
  env->ReleaseStringUTFChars(name, text);
  return reinterpret_cast<jlong>(at);
}

NATIVE(jstring, launch)(JNIEnv* env, jclass, jstring name, jlong function, jint gridX, jint gridY,
                        jint blockX, jlong params, jlong seed) {
  const char* text = env->GetStringUTFChars(name, nullptr);
  kernelName = text;
  env->ReleaseStringUTFChars(name, text);
  runGrid(reinterpret_cast<void (*)(const void*)>(function), gridX, gridY, blockX,
          reinterpret_cast<const void*>(params), seed);
  return answer(env);
}
