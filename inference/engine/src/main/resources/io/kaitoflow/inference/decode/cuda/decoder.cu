// The steps of a decoder on a GPU. One program a model: its numbers are macros, and all else is a parameter of 8 bytes.
//
// HIDDEN INTERMEDIATE HEADS GROUP (queries of a key) HEAD (dimensions) PAGE (tokens) EPSILON QUERY_SCALE EMBEDDING_SCALE
// ATTENTION_CAP LOGIT_CAP (0 for none) GELU (0 for SiLU) TILE (rows that look at keys together, for heads above 128) MODULES (of a matrix)

typedef unsigned short bf16;
typedef long long word;

#define KEYS (HEADS / GROUP)
#define QKV ((HEADS + 2 * KEYS) * HEAD)
#define SEEN 128
#define GONE (-3.0e38f)

static __device__ __forceinline__ float up(bf16 x) { return __uint_as_float((unsigned)x << 16); }

static __device__ __forceinline__ float low(unsigned two) { return __uint_as_float(two << 16); }

static __device__ __forceinline__ float high(unsigned two) { return __uint_as_float(two & 0xffff0000u); }

// To nearest, ties to even.
static __device__ __forceinline__ bf16 down(float x) {
    unsigned bits = __float_as_uint(x);
    if ((bits & 0x7fffffffu) > 0x7f800000u) {
        return 0x7fff;
    }
    return (bf16)((bits + 0x7fffu + ((bits >> 16) & 1)) >> 16);
}

static __device__ __forceinline__ unsigned two(float first, float second) {
    return down(first) | (unsigned)down(second) << 16;
}

static __device__ __forceinline__ float warpSum(float x) {
    for (int distance = 16; distance > 0; distance /= 2) {
        x += __shfl_xor_sync(0xffffffffu, x, distance);
    }
    return x;
}

static __device__ __forceinline__ float warpMaximum(float x) {
    for (int distance = 16; distance > 0; distance /= 2) {
        x = fmaxf(x, __shfl_xor_sync(0xffffffffu, x, distance));
    }
    return x;
}

// The sum over a block of whole warps, in every thread.
static __device__ float blockSum(float x) {
    __shared__ float sums[32];
    int warps = blockDim.x / 32;
    x = warpSum(x);
    __syncthreads();
    if (threadIdx.x % 32 == 0) {
        sums[threadIdx.x / 32] = x;
    }
    __syncthreads();
    x = 0;
    for (int i = 0; i < warps; i++) {
        x += sums[i];
    }
    return x;
}

// Block: a row.
extern "C" __global__ void embed(const int *tokens, const bf16 *embedding, float *hidden) {
    const bf16 *from = embedding + (word)tokens[blockIdx.x] * HIDDEN;
    float *to = hidden + (word)blockIdx.x * HIDDEN;
    for (int i = threadIdx.x; i < HIDDEN; i += blockDim.x) {
        to[i] = up(from[i]) * EMBEDDING_SCALE;
    }
}

// Four numbers of a row for each thread, or more where a block has not as many threads.
#define FOURS ((HIDDEN / 4 + 1023) / 1024)

static __device__ __forceinline__ float squares(const float4 &x) { return x.x * x.x + x.y * x.y + x.z * x.z + x.w * x.w; }

// Block: a row, read once. Adds a change to the residual stream, after its own norm if it has one, and writes the stream's norm.
extern "C" __global__ void __launch_bounds__(1024) addAndNorm(
        const int *rows, float *hidden, const float *change, const float *changeNorm, const float *weights, bf16 *out) {
    word row = rows ? rows[blockIdx.x] : blockIdx.x;
    float4 *stream = (float4 *)(hidden + row * HIDDEN);
    const float4 none = {0, 0, 0, 0};
    float4 x[FOURS], added[FOURS];
    float sum = 0;
#pragma unroll
    for (int n = 0; n < FOURS; n++) {
        int i = threadIdx.x + n * blockDim.x;
        x[n] = i < HIDDEN / 4 ? stream[i] : none;
        added[n] = change && i < HIDDEN / 4 ? ((const float4 *)(change + row * HIDDEN))[i] : none;
        sum += squares(added[n]);
    }
    float factor = change && changeNorm ? rsqrtf(blockSum(sum) / HIDDEN + EPSILON) : 1;
    sum = 0;
#pragma unroll
    for (int n = 0; n < FOURS; n++) {
        int i = threadIdx.x + n * blockDim.x;
        if (change && i < HIDDEN / 4) {
            const float4 w = changeNorm ? ((const float4 *)changeNorm)[i] : float4{1, 1, 1, 1};
            x[n].x += added[n].x * factor * w.x;
            x[n].y += added[n].y * factor * w.y;
            x[n].z += added[n].z * factor * w.z;
            x[n].w += added[n].w * factor * w.w;
            stream[i] = x[n];
        }
        sum += squares(x[n]);
    }
    float scale = rsqrtf(blockSum(sum) / HIDDEN + EPSILON);
#pragma unroll
    for (int n = 0; n < FOURS; n++) {
        int i = threadIdx.x + n * blockDim.x;
        if (i < HIDDEN / 4) {
            const float4 w = ((const float4 *)weights)[i];
            ((uint2 *)(out + (word)blockIdx.x * HIDDEN))[i] = {two(x[n].x * scale * w.x, x[n].y * scale * w.y),
                                                               two(x[n].z * scale * w.z, x[n].w * scale * w.w)};
        }
    }
}

static __device__ __forceinline__ float dot(const uint4 &a, const uint4 &b, float sum) {
    sum += low(a.x) * low(b.x) + high(a.x) * high(b.x);
    sum += low(a.y) * low(b.y) + high(a.y) * high(b.y);
    sum += low(a.z) * low(b.z) + high(a.z) * high(b.z);
    sum += low(a.w) * low(b.w) + high(a.w) * high(b.w);
    return sum;
}

// Warp: OUTPUTS rows of a matrix, each times up to ROWS inputs. Reads inputs beyond those that are wanted, which are there.
template <int ROWS, int OUTPUTS>
static __device__ __forceinline__ void product(
        const bf16 *matrix, const bf16 *x, float *y, word outputs, word inputs, word rows) {
    word first = (blockIdx.x * (word)(blockDim.x / 32) + threadIdx.x / 32) * OUTPUTS;
    int lane = threadIdx.x % 32;
    if (first >= outputs) {
        return;
    }
    float sums[OUTPUTS][ROWS];
    const bf16 *weights[OUTPUTS];
#pragma unroll
    for (int o = 0; o < OUTPUTS; o++) {
        weights[o] = matrix + (first + o < outputs ? first + o : outputs - 1) * inputs;
#pragma unroll
        for (int r = 0; r < ROWS; r++) {
            sums[o][r] = 0;
        }
    }
#pragma unroll 4
    for (word i = lane * 8; i < inputs; i += 256) {
        uint4 w[OUTPUTS];
#pragma unroll
        for (int o = 0; o < OUTPUTS; o++) {
            w[o] = __ldcs((const uint4 *)(weights[o] + i));
        }
#pragma unroll
        for (int r = 0; r < ROWS; r++) {
            uint4 input = *(const uint4 *)(x + r * inputs + i);
#pragma unroll
            for (int o = 0; o < OUTPUTS; o++) {
                sums[o][r] = dot(w[o], input, sums[o][r]);
            }
        }
    }
#pragma unroll
    for (int o = 0; o < OUTPUTS; o++) {
#pragma unroll
        for (int r = 0; r < ROWS; r++) {
            float sum = warpSum(sums[o][r]);
            if (lane == 0 && first + o < outputs && r < rows) {
                y[r * outputs + first + o] = sum;
            }
        }
    }
}

extern "C" __global__ void product1(const bf16 *m, const bf16 *x, float *y, word outputs, word inputs, word rows) {
    product<1, 1>(m, x, y, outputs, inputs, rows);
}

extern "C" __global__ void product2(const bf16 *m, const bf16 *x, float *y, word outputs, word inputs, word rows) {
    product<2, 2>(m, x, y, outputs, inputs, rows);
}

extern "C" __global__ void product4(const bf16 *m, const bf16 *x, float *y, word outputs, word inputs, word rows) {
    product<4, 2>(m, x, y, outputs, inputs, rows);
}

// Where the key of a token lies; its value lies as far behind the first value.
static __device__ __forceinline__ word placeOf(int page, int token, int head) {
    return (((word)page * KEYS + head) * PAGE + token % PAGE) * HEAD;
}

// Block: a row and a head of q, k or v, a thread for each dimension. Completes it, turns it, and puts it where it belongs.
extern "C" __global__ void remember(
        const int *positions, const int *sequences, const int *tables, word tableWidth, const float *qkv, const float *bias,
        const float *norms, const float *cosines, const float *sines, const float *longCosines, const float *longSines,
        const int *longs, word half, float *queries, bf16 *keys, bf16 *values) {
    __shared__ float head[HEAD];
    int row = blockIdx.x;
    int which = blockIdx.y;
    int i = threadIdx.x;
    int turned = HEADS + KEYS;
    float x = 0;
    if (i < HEAD) {
        x = qkv[(word)row * QKV + which * HEAD + i] + (bias ? bias[which * HEAD + i] : 0);
    }
    if (norms && which < turned) {
        float scale = rsqrtf(blockSum(x * x) / HEAD + EPSILON);
        if (i < HEAD) {
            x *= scale * norms[which * HEAD + i];
        }
    }
    int position = positions[row];
    if (which < turned) {
        if (i < HEAD) {
            head[i] = x;
        }
        __syncthreads();
        if (i < 2 * half) {
            int pair = i % half;
            const float *c = longs[row] ? longCosines : cosines;
            const float *s = longs[row] ? longSines : sines;
            float cosine = c[(word)position * half + pair];
            float sine = s[(word)position * half + pair];
            x = i < half ? head[i] * cosine - head[i + half] * sine : head[i] * cosine + head[i - half] * sine;
        }
    }
    if (i >= HEAD) {
        return;
    }
    if (which < HEADS) {
        queries[((word)row * HEADS + which) * HEAD + i] = x * QUERY_SCALE;
        return;
    }
    int page = tables[sequences[row] * tableWidth + position / PAGE];
    int key = which < turned ? which - HEADS : which - turned;
    (which < turned ? keys : values)[placeOf(page, position, key) + i] = down(x);
}

// Block: a few rows of one sequence, or one row if parts are wanted, the queries of one key's head, and a stretch of the tokens. Threads have a token each for the
// scores, and two dimensions and a part of the tokens each for the values.
template <int ROWS>
static __device__ __forceinline__ void attend(
        const int *tiles, const int *positions, const int *sequences, const int *tables, word tableWidth, const float *queries,
        const bf16 *keys, const bf16 *values, word window, word stretch, float *parts, bf16 *out) {
    const int asked = ROWS * GROUP;
    const int pairs = HEAD / 2;
    const int groups = SEEN / pairs;
    __shared__ __align__(16) float q[asked][HEAD];
    __shared__ float weights[asked][SEEN];
    __shared__ float most[asked], sums[asked], fades[asked];
    __shared__ float merged[SEEN][asked][2];
    __shared__ int pages[SEEN / PAGE];

    int first = tiles[2 * blockIdx.x];
    int rows = tiles[2 * blockIdx.x + 1];
    int key = blockIdx.y;
    const int *table = tables + sequences[first] * tableWidth;
    int thread = threadIdx.x;
    int firstSeen = positions[first] + 1 - (int)window;
    int begin = blockIdx.z * (int)stretch;
    int end = positions[first + rows - 1] + 1;
    end = end < begin + (int)stretch ? end : begin + (int)stretch;
    begin = begin > firstSeen ? begin : firstSeen / PAGE * PAGE;

    for (int i = thread; i < asked * HEAD; i += SEEN) {
        int row = i / HEAD / GROUP;
        int head = key * GROUP + i / HEAD % GROUP;
        q[i / HEAD][i % HEAD] = row < rows ? queries[((word)(first + row) * HEADS + head) * HEAD + i % HEAD] : 0;
    }
    for (int n = thread; n < asked; n += SEEN) {
        most[n] = GONE;
        sums[n] = 0;
    }
    float answer[asked][2];
#pragma unroll
    for (int n = 0; n < asked; n++) {
        answer[n][0] = answer[n][1] = 0;
    }
    int pair = thread % pairs;
    int group = thread / pairs;

    for (int base = begin; base < end; base += SEEN) {
        int count = end - base < SEEN ? end - base : SEEN;
        __syncthreads();
        if (thread < SEEN / PAGE && thread * PAGE < count) {
            pages[thread] = table[base / PAGE + thread];
        }
        __syncthreads();
        float scores[asked];
#pragma unroll
        for (int n = 0; n < asked; n++) {
            scores[n] = 0;
        }
        int token = base + thread;
        if (thread < count) {
            const bf16 *k = keys + placeOf(pages[thread / PAGE], token, key);
#pragma unroll 8
            for (int i = 0; i < HEAD; i += 8) {
                uint4 eight = *(const uint4 *)(k + i);
#pragma unroll
                for (int n = 0; n < asked; n++) {
                    const float4 left = *(const float4 *)&q[n][i];
                    const float4 right = *(const float4 *)&q[n][i + 4];
                    scores[n] += left.x * low(eight.x) + left.y * high(eight.x) + left.z * low(eight.y) + left.w * high(eight.y)
                            + right.x * low(eight.z) + right.y * high(eight.z) + right.z * low(eight.w) + right.w * high(eight.w);
                }
            }
        }
#pragma unroll
        for (int n = 0; n < asked; n++) {
            int row = n / GROUP < rows ? n / GROUP : rows - 1;
            int at = positions[first + row];
            bool isSeen = thread < count && token <= at && token > at - (int)window;
            float score = ATTENTION_CAP > 0 ? ATTENTION_CAP * tanhf(scores[n] / (ATTENTION_CAP > 0 ? ATTENTION_CAP : 1)) : scores[n];
            weights[n][thread] = isSeen ? score : GONE;
        }
        __syncthreads();
        for (int n = thread / 32; n < asked; n += SEEN / 32) {
            int lane = thread % 32;
            float highest = GONE;
            for (int t = lane; t < SEEN; t += 32) {
                highest = fmaxf(highest, weights[n][t]);
            }
            float before = most[n];
            highest = fmaxf(warpMaximum(highest), before);
            float sum = 0;
            for (int t = lane; t < SEEN; t += 32) {
                float weight = weights[n][t] <= GONE ? 0 : __expf(weights[n][t] - highest);
                weights[n][t] = weight;
                sum += weight;
            }
            sum = warpSum(sum);
            if (lane == 0) {
                float fade = before <= GONE ? 0 : __expf(before - highest);
                fades[n] = fade;
                sums[n] = sums[n] * fade + sum;
                most[n] = highest;
            }
        }
        __syncthreads();
        if (group < groups) {
#pragma unroll
            for (int n = 0; n < asked; n++) {
                answer[n][0] *= fades[n];
                answer[n][1] *= fades[n];
            }
#pragma unroll 16
            for (int t = group; t < count; t += groups) {
                unsigned two = *(const unsigned *)(values + placeOf(pages[t / PAGE], base + t, key) + 2 * pair);
#pragma unroll
                for (int n = 0; n < asked; n++) {
                    answer[n][0] += weights[n][t] * low(two);
                    answer[n][1] += weights[n][t] * high(two);
                }
            }
        }
    }
    if (group < groups) {
#pragma unroll
        for (int n = 0; n < asked; n++) {
            merged[thread][n][0] = answer[n][0];
            merged[thread][n][1] = answer[n][1];
        }
    }
    __syncthreads();
    for (int i = thread; i < rows * GROUP * HEAD; i += SEEN) {
        int n = i / HEAD;
        int dimension = i % HEAD;
        float sum = 0;
        for (int g = 0; g < groups; g++) {
            sum += merged[g * pairs + dimension / 2][n][dimension % 2];
        }
        word place = (word)(first + n / GROUP) * HEADS + key * GROUP + n % GROUP;
        if (parts) {
            word mine = (word)blockIdx.x * HEADS + key * GROUP + n;
            float *part = parts + (mine * gridDim.z + blockIdx.z) * (HEAD + 2);
            part[dimension] = sum;
            if (dimension == 0) {
                part[HEAD] = most[n];
                part[HEAD + 1] = sums[n];
            }
        } else {
            out[place * HEAD + dimension] = down(sum / sums[n]);
        }
    }
}

extern "C" __global__ void attendOne(
        const int *tiles, const int *positions, const int *sequences, const int *tables, word tableWidth, const float *queries,
        const bf16 *keys, const bf16 *values, word window, word stretch, float *parts, bf16 *out) {
    attend<1>(tiles, positions, sequences, tables, tableWidth, queries, keys, values, window, stretch, parts, out);
}

#ifndef TENSOR_CORES
// C += A B' on the tensor cores: A is 16 by 16, B is 8 by 16, each in the registers of a warp as the instruction has them.
static __device__ __forceinline__ void multiplyTile(float (&c)[4], const unsigned (&a)[4], unsigned b0, unsigned b1) {
    asm("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
        : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}
#endif

#if HEAD <= 128
#define TILE_KEYS 64
#define TILE_ROW (HEAD + 8)

#ifndef TENSOR_CORES
// Four tiles of 8 by 8 from shared memory: lane 8 m + i says where row i of tile m begins.
static __device__ __forceinline__ void loadTiles(unsigned (&tiles)[4], const bf16 *row) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];"
        : "=r"(tiles[0]), "=r"(tiles[1]), "=r"(tiles[2]), "=r"(tiles[3])
        : "r"((unsigned)__cvta_generic_to_shared(row)));
}

// The same, with rows and columns of each changed.
static __device__ __forceinline__ void loadTilesTransposed(unsigned (&tiles)[4], const bf16 *row) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0,%1,%2,%3}, [%4];"
        : "=r"(tiles[0]), "=r"(tiles[1]), "=r"(tiles[2]), "=r"(tiles[3])
        : "r"((unsigned)__cvta_generic_to_shared(row)));
}
#endif

// Block: up to 64 rows of one sequence and a head; a warp has 16 rows. Keys and values pass through shared memory, 64 at a time.
//
// Of a tile of 16 rows a thread has rows lane / 4 and lane / 4 + 8, and columns 2 (lane % 4) and the next, of each 8.
extern "C" __global__ void __launch_bounds__(SEEN) attendTile(
        const int *tiles, const int *positions, const int *sequences, const int *tables, word tableWidth, const float *queries,
        const bf16 *keys, const bf16 *values, word window, word stretch, float *parts, bf16 *out) {
    __shared__ __align__(16) bf16 sharedKeys[TILE_KEYS][TILE_ROW];
    __shared__ __align__(16) bf16 sharedValues[TILE_KEYS][TILE_ROW];

    int first = tiles[2 * blockIdx.x];
    int rows = tiles[2 * blockIdx.x + 1];
    int head = blockIdx.y;
    int key = head / GROUP;
    const int *table = tables + sequences[first] * tableWidth;
    int lane = threadIdx.x % 32;
    int column = 2 * (lane % 4);
    int row[2] = {(int)threadIdx.x / 32 * 16 + lane / 4, (int)threadIdx.x / 32 * 16 + lane / 4 + 8};
    int at[2];
    unsigned q[HEAD / 16][4];
#pragma unroll
    for (int r = 0; r < 2; r++) {
        int mine = first + (row[r] < rows ? row[r] : rows - 1);
        at[r] = positions[mine];
        const float *from = queries + ((word)mine * HEADS + head) * HEAD + column;
#pragma unroll
        for (int i = 0; i < HEAD / 16; i++) {
            q[i][r] = two(from[16 * i], from[16 * i + 1]);
            q[i][r + 2] = two(from[16 * i + 8], from[16 * i + 9]);
        }
    }
    float most[2] = {GONE, GONE};
    float sums[2] = {0, 0};
    float answer[HEAD / 8][4];
#pragma unroll
    for (int i = 0; i < HEAD / 8; i++) {
        answer[i][0] = answer[i][1] = answer[i][2] = answer[i][3] = 0;
    }
    int firstSeen = positions[first] + 1 - (int)window;
    int begin = firstSeen > 0 ? firstSeen / PAGE * PAGE : 0;
    int end = positions[first + rows - 1] + 1;

    for (int base = begin; base < end; base += TILE_KEYS) {
        __syncthreads();
        for (int i = threadIdx.x; i < TILE_KEYS * (HEAD / 8); i += SEEN) {
            int token = base + i / (HEAD / 8);
            int dimension = i % (HEAD / 8) * 8;
            uint4 k = {0, 0, 0, 0};
            uint4 v = {0, 0, 0, 0};
            if (token < end) {
                word place = placeOf(table[token / PAGE], token, key) + dimension;
                k = *(const uint4 *)(keys + place);
                v = *(const uint4 *)(values + place);
            }
            *(uint4 *)&sharedKeys[token - base][dimension] = k;
            *(uint4 *)&sharedValues[token - base][dimension] = v;
        }
        __syncthreads();
        float scores[TILE_KEYS / 8][4];
#pragma unroll
        for (int j = 0; j < TILE_KEYS / 8; j++) {
            scores[j][0] = scores[j][1] = scores[j][2] = scores[j][3] = 0;
        }
#pragma unroll
        for (int i = 0; i < HEAD / 16; i++) {
#pragma unroll
            for (int j = 0; j < TILE_KEYS / 8; j += 2) {
                unsigned k[4]; // of two times eight keys, the near and the far half of the dimensions
                loadTiles(k, &sharedKeys[8 * j + lane / 16 * 8 + lane % 8][16 * i + lane / 8 % 2 * 8]);
                multiplyTile(scores[j], q[i], k[0], k[1]);
                multiplyTile(scores[j + 1], q[i], k[2], k[3]);
            }
        }
        float highest[2] = {most[0], most[1]};
#pragma unroll
        for (int j = 0; j < TILE_KEYS / 8; j++) {
#pragma unroll
            for (int n = 0; n < 4; n++) {
                int token = base + 8 * j + column + n % 2;
                int until = at[n / 2];
                float score = ATTENTION_CAP > 0 ? ATTENTION_CAP * tanhf(scores[j][n] / (ATTENTION_CAP > 0 ? ATTENTION_CAP : 1)) : scores[j][n];
                scores[j][n] = token <= until && token > until - (int)window ? score : GONE;
                highest[n / 2] = fmaxf(highest[n / 2], scores[j][n]);
            }
        }
#pragma unroll
        for (int r = 0; r < 2; r++) {
            highest[r] = fmaxf(highest[r], __shfl_xor_sync(0xffffffffu, highest[r], 1));
            highest[r] = fmaxf(highest[r], __shfl_xor_sync(0xffffffffu, highest[r], 2));
            float fade = most[r] <= GONE ? 0 : __expf(most[r] - highest[r]);
            most[r] = highest[r];
            sums[r] *= fade;
#pragma unroll
            for (int i = 0; i < HEAD / 8; i++) {
                answer[i][2 * r] *= fade;
                answer[i][2 * r + 1] *= fade;
            }
        }
#pragma unroll
        for (int j = 0; j < TILE_KEYS / 8; j++) {
#pragma unroll
            for (int n = 0; n < 4; n++) {
                scores[j][n] = scores[j][n] <= GONE ? 0 : __expf(scores[j][n] - most[n / 2]);
                sums[n / 2] += scores[j][n];
            }
        }
#pragma unroll
        for (int j = 0; j < TILE_KEYS / 16; j++) {
            unsigned weights[4] = {
                two(scores[2 * j][0], scores[2 * j][1]), two(scores[2 * j][2], scores[2 * j][3]),
                two(scores[2 * j + 1][0], scores[2 * j + 1][1]), two(scores[2 * j + 1][2], scores[2 * j + 1][3])};
#pragma unroll
            for (int i = 0; i < HEAD / 8; i += 2) {
                unsigned v[4]; // of sixteen keys, two times eight dimensions
                loadTilesTransposed(v, &sharedValues[16 * j + lane % 16][8 * i + lane / 16 * 8]);
                multiplyTile(answer[i], weights, v[0], v[1]);
                multiplyTile(answer[i + 1], weights, v[2], v[3]);
            }
        }
    }
#pragma unroll
    for (int r = 0; r < 2; r++) {
        sums[r] += __shfl_xor_sync(0xffffffffu, sums[r], 1);
        sums[r] += __shfl_xor_sync(0xffffffffu, sums[r], 2);
        if (row[r] < rows) {
            bf16 *to = out + ((word)(first + row[r]) * HEADS + head) * HEAD + column;
#pragma unroll
            for (int i = 0; i < HEAD / 8; i++) {
                *(unsigned *)(to + 8 * i) = two(answer[i][2 * r] / sums[r], answer[i][2 * r + 1] / sums[r]);
            }
        }
    }
}
#else
extern "C" __global__ void attendTile(
        const int *tiles, const int *positions, const int *sequences, const int *tables, word tableWidth, const float *queries,
        const bf16 *keys, const bf16 *values, word window, word stretch, float *parts, bf16 *out) {
    attend<TILE>(tiles, positions, sequences, tables, tableWidth, queries, keys, values, window, stretch, parts, out);
}
#endif

// Block: a row that looked alone, and a head. Puts together what was made of the stretches.
extern "C" __global__ void merge(const int *tiles, const float *parts, word stretches, bf16 *out) {
    word place = (word)tiles[2 * blockIdx.x] * HEADS + blockIdx.y;
    const float *mine = parts + ((word)blockIdx.x * HEADS + blockIdx.y) * stretches * (HEAD + 2);
    float highest = GONE;
    for (int s = 0; s < stretches; s++) {
        highest = fmaxf(highest, mine[s * (HEAD + 2) + HEAD]);
    }
    for (int i = threadIdx.x; i < HEAD; i += blockDim.x) {
        float sum = 0;
        float weight = 0;
        for (int s = 0; s < stretches; s++) {
            const float *part = mine + s * (HEAD + 2);
            float fade = part[HEAD] <= GONE ? 0 : __expf(part[HEAD] - highest);
            sum += fade * part[i];
            weight += fade * part[HEAD + 1];
        }
        out[place * HEAD + i] = down(sum / weight);
    }
}

static __device__ __forceinline__ float gated(float x, float y) {
    float bent = GELU ? 0.5f * x * (1 + tanhf(0.7978845608028654f * (x + 0.044715f * x * x * x))) : x / (1 + __expf(-x));
    return bent * y;
}

// Thread: four numbers of a row.
extern "C" __global__ void gate(const float *gateUp, bf16 *out, word count) {
    word i = 4 * (blockIdx.x * (word)blockDim.x + threadIdx.x);
    if (i < count) {
        const float *both = gateUp + i / INTERMEDIATE * 2 * INTERMEDIATE + i % INTERMEDIATE;
        const float4 x = *(const float4 *)both;
        const float4 y = *(const float4 *)(both + INTERMEDIATE);
        uint2 four = {down(gated(x.x, y.x)) | (unsigned)down(gated(x.y, y.y)) << 16,
                      down(gated(x.z, y.z)) | (unsigned)down(gated(x.w, y.w)) << 16};
        *(uint2 *)(out + i) = four;
    }
}

extern "C" __global__ void capLogits(float *logits, word count) {
    word i = blockIdx.x * (word)blockDim.x + threadIdx.x;
    if (i < count) {
        logits[i] = LOGIT_CAP * tanhf(logits[i] / (LOGIT_CAP > 0 ? LOGIT_CAP : 1));
    }
}

// A low-rank pair beside a module, as the host lays it down; rank 0 where a module has none.
struct Pair {
    const float *down; // (rank, inputs)
    const float *up;   // (rank, outputs), scaled
    word rank;
    word inputs;
    word outputs;
    word firstRow;
};

// Block: a row, a module and a rank. x times a row of A.
extern "C" __global__ void narrow(const word *adapters, word matrix, const bf16 *x, word inputs, float *middle, word widest) {
    if (!adapters[blockIdx.x]) {
        return;
    }
    const Pair &pair = ((const Pair *)adapters[blockIdx.x])[matrix * MODULES + blockIdx.y];
    if (blockIdx.z >= pair.rank) {
        return;
    }
    const bf16 *row = x + blockIdx.x * inputs;
    const float *weights = pair.down + blockIdx.z * inputs;
    float sum = 0;
#pragma unroll 4
    for (word i = 4 * threadIdx.x; i < inputs; i += 4 * blockDim.x) {
        const float4 w = *(const float4 *)(weights + i);
        const uint2 four = *(const uint2 *)(row + i);
        sum += w.x * low(four.x) + w.y * high(four.x) + w.z * low(four.y) + w.w * high(four.y);
    }
    sum = blockSum(sum);
    if (threadIdx.x == 0) {
        middle[(blockIdx.x * MODULES + blockIdx.y) * widest + blockIdx.z] = sum;
    }
}

// Block: a row, a module and some of its outputs. Adds B times what was made narrow.
extern "C" __global__ void widen(const word *adapters, word matrix, const float *middle, word widest, float *y, word outputs) {
    if (!adapters[blockIdx.x]) {
        return;
    }
    const Pair &pair = ((const Pair *)adapters[blockIdx.x])[matrix * MODULES + blockIdx.y];
    word o = blockIdx.z * (word)blockDim.x + threadIdx.x;
    if (o >= pair.outputs || pair.rank == 0) {
        return;
    }
    const float *mine = middle + (blockIdx.x * MODULES + blockIdx.y) * widest;
    float sum = 0;
#pragma unroll 4
    for (word rank = 0; rank < pair.rank; rank++) {
        sum += pair.up[rank * pair.outputs + o] * mine[rank];
    }
    y[blockIdx.x * outputs + pair.firstRow + o] += sum;
}

// Where a step has many rows, those of one adapter that lie beside each other share what is read of it. Rows of a block, of which
// other adapters make several runs; ranks that it makes narrow, warps that share the inputs, and what a warp reads ahead.
#define TOGETHER 16
#define RANKS 8
#define WARPS 8
#define DEPTH 4

// The first row from a given one on that has another adapter.
static __device__ __forceinline__ word endOfRun(const word *adapters, word row, word end) {
    word next = row + 1;
    while (next < end && adapters[next] == adapters[row]) {
        next++;
    }
    return next;
}

// Block: sixteen rows, a module and eight ranks, on the tensor cores. Keeps the rows from one on and before another.
//
// Which inputs a thread has is its own choice, if it is the same for both sides: eight neighbours, in the place of four times two.
static __device__ __forceinline__ void narrowRun(
        const Pair &pair, const bf16 *x, word inputs, word rows, word from, word next, float *middle, word widest) {
    __shared__ float partial[WARPS][TOGETHER][RANKS];
    int lane = threadIdx.x % 32;
    int warp = threadIdx.x / 32;
    word begin = blockIdx.z * (word)RANKS;
    word upper = blockIdx.x * (word)TOGETHER + lane / 4;
    word lower = upper + 8;
    const bf16 *above = x + (upper < rows ? upper : rows - 1) * inputs;
    const bf16 *below = x + (lower < rows ? lower : rows - 1) * inputs;
    const float *weights = pair.down + (begin + lane / 4 < pair.rank ? begin + lane / 4 : begin) * inputs;
    float sums[4] = {0, 0, 0, 0};
    for (word first = 32 * warp; first < inputs; first += 32 * WARPS * DEPTH) {
        uint4 a[DEPTH], b[DEPTH];
        float4 w[DEPTH], v[DEPTH];
#pragma unroll
        for (int d = 0; d < DEPTH; d++) {
            word i = first + d * 32 * WARPS + 8 * (lane % 4);
            bool isInput = i < inputs;
            a[d] = isInput ? *(const uint4 *)(above + i) : uint4{0, 0, 0, 0};
            b[d] = isInput ? *(const uint4 *)(below + i) : uint4{0, 0, 0, 0};
            w[d] = isInput ? *(const float4 *)(weights + i) : float4{0, 0, 0, 0};
            v[d] = isInput ? *(const float4 *)(weights + i + 4) : float4{0, 0, 0, 0};
        }
#pragma unroll
        for (int d = 0; d < DEPTH; d++) {
            const unsigned near[4] = {a[d].x, b[d].x, a[d].y, b[d].y};
            const unsigned far[4] = {a[d].z, b[d].z, a[d].w, b[d].w};
            multiplyTile(sums, near, two(w[d].x, w[d].y), two(w[d].z, w[d].w));
            multiplyTile(sums, far, two(v[d].x, v[d].y), two(v[d].z, v[d].w));
        }
    }
    // Until an earlier run is read.
    __syncthreads();
#pragma unroll
    for (int n = 0; n < 4; n++) {
        partial[warp][lane / 4 + n / 2 * 8][2 * (lane % 4) + n % 2] = sums[n];
    }
    __syncthreads();
    word row = blockIdx.x * (word)TOGETHER + threadIdx.x / RANKS;
    word rank = begin + threadIdx.x % RANKS;
    if (threadIdx.x < TOGETHER * RANKS && row >= from && row < next && rank < pair.rank) {
        float sum = 0;
        for (int each = 0; each < WARPS; each++) {
            sum += partial[each][threadIdx.x / RANKS][threadIdx.x % RANKS];
        }
        middle[(row * MODULES + blockIdx.y) * widest + rank] = sum;
    }
}

// What narrow does, for many rows; A is rounded as the rows are.
extern "C" __global__ void __launch_bounds__(WARPS * 32) narrowTogether(
        const word *adapters, word matrix, const bf16 *x, word inputs, word rows, float *middle, word widest) {
    word first = blockIdx.x * (word)TOGETHER;
    word end = first + TOGETHER < rows ? first + TOGETHER : rows;
    for (word row = first, next; row < end; row = next) {
        next = endOfRun(adapters, row, end);
        if (adapters[row]) {
            const Pair &pair = ((const Pair *)adapters[row])[matrix * MODULES + blockIdx.y];
            if (blockIdx.z * (word)RANKS < pair.rank) {
                narrowRun(pair, x, inputs, rows, row, next, middle, widest);
            }
        }
    }
}

static __device__ __forceinline__ void addScaled(float4 &sum, float factor, const float4 &x) {
    sum.x += factor * x.x;
    sum.y += factor * x.y;
    sum.z += factor * x.z;
    sum.w += factor * x.w;
}

// Rows that a thread has at once, and ranks of them that lie in shared memory.
#define AT_ONCE 8
#define STAGED 64

// Block: up to eight rows of one adapter, a module and some of its outputs, four for each thread. Adds B times what was made narrow.
static __device__ __forceinline__ void widenRun(
        const Pair &pair, const float *middle, word widest, float *y, word outputs, word first, word next) {
    __shared__ __align__(16) float staged[STAGED][AT_ONCE];
    word o = 4 * (blockIdx.z * (word)blockDim.x + threadIdx.x);
    bool isOutput = o < pair.outputs;
    float *mine = y + first * outputs + pair.firstRow + o;
    float4 sums[AT_ONCE];
#pragma unroll
    for (int r = 0; r < AT_ONCE; r++) {
        sums[r] = isOutput && first + r < next ? *(const float4 *)(mine + r * outputs) : float4{0, 0, 0, 0};
    }
    for (word begin = 0; begin < pair.rank; begin += STAGED) {
        word count = pair.rank - begin < STAGED ? pair.rank - begin : STAGED;
        __syncthreads();
        for (int n = threadIdx.x; n < count * AT_ONCE; n += blockDim.x) {
            word row = first + n / count;
            staged[n % count][n / count] = row < next ? middle[(row * MODULES + blockIdx.y) * widest + begin + n % count] : 0;
        }
        __syncthreads();
#pragma unroll 4
        for (int k = 0; k < count; k++) {
            const float4 w = isOutput ? *(const float4 *)(pair.up + (begin + k) * pair.outputs + o) : float4{0, 0, 0, 0};
#pragma unroll
            for (int r = 0; r < AT_ONCE; r++) {
                addScaled(sums[r], staged[k][r], w);
            }
        }
    }
#pragma unroll
    for (int r = 0; r < AT_ONCE; r++) {
        if (isOutput && first + r < next) {
            *(float4 *)(mine + r * outputs) = sums[r];
        }
    }
}

// What widen does, for many rows.
extern "C" __global__ void __launch_bounds__(256, 2) widenTogether(
        const word *adapters, word matrix, const float *middle, word widest, float *y, word outputs, word rows) {
    word first = blockIdx.x * (word)TOGETHER;
    word end = first + TOGETHER < rows ? first + TOGETHER : rows;
    for (word row = first, next; row < end; row = next) {
        next = endOfRun(adapters, row, row + AT_ONCE < end ? row + AT_ONCE : end);
        if (adapters[row]) {
            const Pair &pair = ((const Pair *)adapters[row])[matrix * MODULES + blockIdx.y];
            if (4 * blockIdx.z * (word)blockDim.x < pair.outputs && pair.rank > 0) {
                widenRun(pair, middle, widest, y, outputs, row, next);
            }
        }
    }
}
