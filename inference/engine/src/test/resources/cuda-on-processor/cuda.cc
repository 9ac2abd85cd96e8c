// libcuda.so.1 for the processor: as much of NVIDIA's driver as is asked for. Kernels run block after block, and the threads of a
// block are fibers that take turns at barriers and exchanges, so it finds what is computed wrongly, not what two threads race for.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <functional>
#include <map>
#include <vector>

struct Dimensions {
    unsigned x, y, z;
};

extern "C" {
Dimensions emu_threadIdx, emu_blockIdx, emu_blockDim, emu_gridDim;

// Saves the registers that a call keeps and goes on with another stack (System V, x86-64).
void emu_switch(void **from, void *to);
}

asm(R"(
.globl emu_switch
emu_switch:
    pushq %rbx; pushq %rbp; pushq %r12; pushq %r13; pushq %r14; pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    popq %r15; popq %r14; popq %r13; popq %r12; popq %rbp; popq %rbx
    ret
)");

typedef long long Word;
// All parameters are whole words, and a function does not mind more of them than it has.
typedef void (*Kernel)(Word, Word, Word, Word, Word, Word, Word, Word, Word, Word, Word, Word, Word, Word, Word, Word, Word, Word, Word, Word);

namespace {
const int PARAMETERS = 20;
const unsigned WARP = 32;
const size_t STACK = 128 << 10;
// Bytes that the GPU says it has: 8 GiB, unless GPU_BYTES says another number.
const size_t MEMORY = getenv("GPU_BYTES") ? strtoull(getenv("GPU_BYTES"), nullptr, 10) : 8ull << 30;

// Threads that wait for each other.
struct Group {
    unsigned alive = 0, waiting = 0, generation = 0;

    void settle() {
        if (alive > 0 && waiting == alive) {
            waiting = 0;
            generation++;
        }
    }

    void leave() {
        alive--;
        settle();
    }
};

// Bytes of the GPU that are taken, by address.
std::map<uint64_t, size_t> taken;

size_t left() {
    size_t bytes = MEMORY;
    for (auto &memory : taken) {
        bytes -= memory.second;
    }
    return bytes;
}

struct Fiber {
    void *stack;
    bool done;
    uint32_t value;
};

std::vector<Fiber> fibers;
std::vector<char *> stacks;
std::vector<Group> warps;
Group block;
void *scheduler;
unsigned current;
Kernel function;
Word words[PARAMETERS];

void select(unsigned fiber) {
    current = fiber;
    emu_threadIdx = {fiber, 0, 0};
}

void wait(Group &group) {
    unsigned me = current;
    unsigned generation = group.generation;
    group.waiting++;
    group.settle();
    while (group.generation == generation) {
        emu_switch(&fibers[me].stack, scheduler);
        select(me);
    }
}

void run() {
    function(words[0], words[1], words[2], words[3], words[4], words[5], words[6], words[7], words[8], words[9], words[10], words[11],
            words[12], words[13], words[14], words[15], words[16], words[17], words[18], words[19]);
    Fiber &fiber = fibers[current];
    fiber.done = true;
    block.leave();
    warps[current / WARP].leave();
    emu_switch(&fiber.stack, scheduler);
}

void begin(unsigned fiber) {
    while (stacks.size() <= fiber) {
        stacks.push_back((char *)aligned_alloc(64, STACK));
    }
    void **top = (void **)(stacks[fiber] + STACK) - 1; // as after a call
    *top = nullptr;
    *--top = (void *)run;
    fibers[fiber].done = false;
    fibers[fiber].stack = top - 6;
    warps[fiber / WARP].alive++;
}

void runBlock(unsigned threads) {
    fibers.resize(threads);
    warps.assign((threads + WARP - 1) / WARP, Group());
    block = Group();
    block.alive = threads;
    for (unsigned i = 0; i < threads; i++) {
        begin(i);
    }
    while (block.alive > 0) {
        for (unsigned i = 0; i < threads; i++) {
            if (!fibers[i].done) {
                select(i);
                emu_switch(&scheduler, fibers[i].stack);
            }
        }
    }
}

struct Graph {
    std::vector<std::function<void()>> steps;
};

Graph *recording;

int doOrRecord(std::function<void()> step) {
    if (recording) {
        recording->steps.push_back(step);
    } else {
        step();
    }
    return 0;
}

void *allocate(size_t bytes) {
    void *memory = aligned_alloc(256, (bytes + 255) / 256 * 256);
    memset(memory, 0xff, bytes); // no number: what nobody wrote shows
    return memory;
}
} // namespace

extern "C" {
void emu_block_barrier() { wait(block); }

int emu_lane() { return current % WARP; }

// What another thread of the warp offers.
uint32_t emu_exchange(uint32_t value, int from) {
    unsigned warp = current / WARP;
    fibers[current].value = value;
    wait(warps[warp]);
    uint32_t answer = fibers[warp * WARP + from].value;
    wait(warps[warp]);
    return answer;
}

int emu_recording() { return recording != nullptr; }

void emu_record(void (*step)(void *), void *data) {
    recording->steps.push_back([=] { step(data); });
}

int cuInit(unsigned) { return 0; }

int cuDeviceGetCount(int *count) {
    *count = 1;
    return 0;
}

int cuDeviceGet(int *device, int) {
    *device = 0;
    return 0;
}

int cuDeviceGetName(char *name, int length, int) {
    snprintf(name, length, "a processor");
    return 0;
}

int cuDeviceTotalMem_v2(size_t *bytes, int) {
    *bytes = MEMORY;
    return 0;
}

// Compute capability 8.0, or what GPU_CAPABILITY says, as 90 for 9.0.
int cuDeviceGetAttribute(int *value, int which, int) {
    int capability = getenv("GPU_CAPABILITY") ? atoi(getenv("GPU_CAPABILITY")) : 80;
    *value = which == 75 ? capability / 10 : capability % 10;
    return 0;
}

int cuDevicePrimaryCtxRetain(void **context, int) {
    *context = (void *)1;
    return 0;
}

int cuDevicePrimaryCtxRelease_v2(int) { return 0; }

int cuCtxSetCurrent(void *) { return 0; }

int cuStreamCreate(void **stream, unsigned) {
    *stream = (void *)2;
    return 0;
}

int cuStreamDestroy_v2(void *) { return 0; }

int cuStreamSynchronize(void *) { return 0; }

int cuStreamBeginCapture_v2(void *, int) {
    recording = new Graph;
    return 0;
}

int cuStreamEndCapture(void *, Graph **graph) {
    *graph = recording;
    recording = nullptr;
    return 0;
}

int cuGraphInstantiateWithFlags(Graph **executable, Graph *graph, unsigned long long) {
    *executable = new Graph(*graph);
    return 0;
}

int cuGraphDestroy(Graph *graph) {
    delete graph;
    return 0;
}

int cuGraphExecDestroy(Graph *executable) {
    delete executable;
    return 0;
}

int cuGraphLaunch(Graph *executable, void *) {
    for (auto &step : executable->steps) {
        step();
    }
    return 0;
}

int cuMemAlloc_v2(uint64_t *address, size_t bytes) {
    if (bytes > left()) {
        return 2;
    }
    *address = (uint64_t)allocate(bytes);
    taken[*address] = bytes;
    return 0;
}

int cuMemFree_v2(uint64_t address) {
    if (!taken.erase(address)) {
        return 1;
    }
    free((void *)address);
    return 0;
}

int cuMemAllocHost_v2(void **memory, size_t bytes) {
    *memory = allocate(bytes);
    return 0;
}

int cuMemFreeHost(void *memory) {
    free(memory);
    return 0;
}

int cuMemGetInfo_v2(size_t *free, size_t *total) {
    *free = left();
    *total = MEMORY;
    return 0;
}

int cuMemcpyHtoDAsync_v2(uint64_t to, const void *from, size_t bytes, void *) {
    memcpy((void *)to, from, bytes);
    return 0;
}

int cuMemcpyDtoHAsync_v2(void *to, uint64_t from, size_t bytes, void *) {
    return doOrRecord([=] { memcpy(to, (void *)from, bytes); });
}

int cuModuleLoadData(void **module, const char *path) {
    *module = dlopen(path, RTLD_NOW);
    if (!*module) {
        fprintf(stderr, "%s\n", dlerror());
    }
    return *module ? 0 : 1;
}

int cuModuleUnload(void *module) { return dlclose(module); }

int cuModuleGetFunction(void **found, void *module, const char *name) {
    *found = dlsym(module, name);
    return *found ? 0 : 1;
}

int cuLaunchKernel(
        void *kernel, unsigned x, unsigned y, unsigned z, unsigned threads, unsigned threadsY, unsigned threadsZ, unsigned, void *,
        void **parameters, void **) {
    if (!x || !y || !z || !threads || threads > 1024 || threadsY != 1 || threadsZ != 1) {
        return 1;
    }
    std::vector<Word> given;
    for (int i = 0; i < PARAMETERS; i++) {
        given.push_back(*(Word *)parameters[i]);
    }
    return doOrRecord([=] {
        function = (Kernel)kernel;
        memcpy(words, given.data(), sizeof words);
        emu_blockDim = {threads, 1, 1};
        emu_gridDim = {x, y, z};
        for (unsigned k = 0; k < z; k++) {
            for (unsigned j = 0; j < y; j++) {
                for (unsigned i = 0; i < x; i++) {
                    emu_blockIdx = {i, j, k};
                    runBlock(threads);
                }
            }
        }
    });
}
}
