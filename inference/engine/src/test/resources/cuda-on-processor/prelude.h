// CUDA C for g++: what the kernels use of it, with cuda.cc behind it.
#include <cmath>
#include <cstdint>
#include <cstring>

#define __global__
#define __device__
#define __forceinline__ inline
#define __shared__ static
#define __align__(bytes) __attribute__((aligned(bytes)))
#define __launch_bounds__(...)
#define __ldcs(address) (*(address))
#define __expf expf

struct Dimensions {
    unsigned x, y, z;
};

extern "C" {
extern Dimensions emu_threadIdx, emu_blockIdx, emu_blockDim, emu_gridDim;
void emu_block_barrier();
uint32_t emu_exchange(uint32_t value, int from);
int emu_lane();
}

#define threadIdx emu_threadIdx
#define blockIdx emu_blockIdx
#define blockDim emu_blockDim
#define gridDim emu_gridDim

struct __align__(8) uint2 {
    unsigned x, y;
};

struct __align__(16) uint4 {
    unsigned x, y, z, w;
};

struct __align__(16) float4 {
    float x, y, z, w;
};

static inline float __uint_as_float(unsigned bits) {
    float value;
    memcpy(&value, &bits, 4);
    return value;
}

static inline unsigned __float_as_uint(float value) {
    unsigned bits;
    memcpy(&bits, &value, 4);
    return bits;
}

static inline float rsqrtf(float x) { return 1 / sqrtf(x); }

static inline void __syncthreads() { emu_block_barrier(); }

static inline float __shfl_xor_sync(unsigned, float value, int distance) {
    return __uint_as_float(emu_exchange(__float_as_uint(value), emu_lane() ^ distance));
}

#define TENSOR_CORES

// As ldmatrix.m8n8.x4 does: lane 8 m + i says where row i of tile m begins.
static void loadTiles(unsigned (&tiles)[4], const unsigned short *row, bool transposed) {
    int lane = emu_lane();
    const unsigned short *rows[32];
    for (int i = 0; i < 32; i++) {
        uint64_t low = emu_exchange((uint64_t)row, i);
        uint64_t high = emu_exchange((uint64_t)row >> 32, i);
        rows[i] = (const unsigned short *)(low | high << 32);
    }
    for (int m = 0; m < 4; m++) {
        unsigned two[2];
        for (int n = 0; n < 2; n++) {
            int line = transposed ? 2 * (lane % 4) + n : lane / 4;
            int column = transposed ? lane / 4 : 2 * (lane % 4) + n;
            two[n] = rows[8 * m + line][column];
        }
        tiles[m] = two[0] | two[1] << 16;
    }
}

static void loadTiles(unsigned (&tiles)[4], const unsigned short *row) { loadTiles(tiles, row, false); }

static void loadTilesTransposed(unsigned (&tiles)[4], const unsigned short *row) { loadTiles(tiles, row, true); }

static void unpack(float *to, unsigned two) {
    to[0] = __uint_as_float(two << 16);
    to[1] = __uint_as_float(two & 0xffff0000u);
}

// As mma.m16n8k16 does: lane 4 g + t has rows g and g + 8 of A and of C, and column g of B, each at 2 t, 2 t + 1 and 8 further.
static void multiplyTile(float (&c)[4], const unsigned (&a)[4], unsigned b0, unsigned b1) {
    int lane = emu_lane();
    float rows[2][16];
    float columns[2][16];
    for (int t = 0; t < 4; t++) {
        int sameRow = lane / 4 * 4 + t;
        for (int half = 0; half < 2; half++) {
            unpack(&rows[half][2 * t], emu_exchange(a[half], sameRow));
            unpack(&rows[half][2 * t + 8], emu_exchange(a[half + 2], sameRow));
        }
        for (int n = 0; n < 2; n++) {
            int sameColumn = (2 * (lane % 4) + n) * 4 + t;
            unpack(&columns[n][2 * t], emu_exchange(b0, sameColumn));
            unpack(&columns[n][2 * t + 8], emu_exchange(b1, sameColumn));
        }
    }
    for (int half = 0; half < 2; half++) {
        for (int n = 0; n < 2; n++) {
            for (int k = 0; k < 16; k++) {
                c[2 * half + n] += rows[half][k] * columns[n][k];
            }
        }
    }
}
