// libcublas.so.12 for the processor: the one product that is asked of it.
#include <cstdint>
#include <cstring>

extern "C" {
int emu_recording();
void emu_record(void (*run)(void *), void *data);

static float up(uint16_t x) {
    uint32_t bits = (uint32_t)x << 16;
    float value;
    memcpy(&value, &bits, 4);
    return value;
}

int cublasCreate_v2(void **handle) {
    *handle = (void *)3;
    return 0;
}

int cublasDestroy_v2(void *) { return 0; }

int cublasSetStream_v2(void *, void *) { return 0; }

int cublasSetWorkspace_v2(void *, void *, size_t) { return 0; }

int cublasGemmEx(
        void *, int transposeA, int transposeB, int m, int n, int k, const float *alpha, const uint16_t *a, int typeA, int strideA,
        const uint16_t *b, int typeB, int strideB, const float *beta, float *c, int typeC, int strideC, int compute, int) {
    const int invalid = 7, bfloat16 = 14, float32 = 0, inFloat32 = 68;
    if (transposeA != 1 || transposeB != 0 || typeA != bfloat16 || typeB != bfloat16 || typeC != float32 || compute != inFloat32
            || *alpha != 1 || *beta != 0) {
        return invalid;
    }
    auto run = [=] {
        for (int j = 0; j < n; j++) {
            for (int i = 0; i < m; i++) {
                float sum = 0;
                for (int l = 0; l < k; l++) {
                    sum += up(a[(size_t)i * strideA + l]) * up(b[(size_t)j * strideB + l]);
                }
                c[(size_t)j * strideC + i] = sum;
            }
        }
    };
    if (emu_recording()) {
        emu_record([](void *work) { (*(decltype(run) *)work)(); }, new decltype(run)(run));
    } else {
        run();
    }
    return 0;
}
}
