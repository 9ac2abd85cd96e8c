package io.kaitoflow.activities.tuning.nf4;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.tensor.CudaKernel;
import io.kaitoflow.inference.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;

/**
 * NF4 written out by a kernel for NVIDIA's GPUs: what {@link Nf4Script} does in four passes over memory, in one, and to the same
 * bit. A thread takes four bytes, which are eight values of one block.
 */
public final class Nf4Kernel implements Nf4Writer {

    private static final int VALUES_PER_THREAD = 8;

    /** Multiplications and additions by name, because the compiler would else join them and round once less. */
    private static final String SOURCE = """
            typedef unsigned short bits;

            __device__ float float32(float x) { return x; }
            __device__ bits bfloat16(float x) {
                unsigned b = __float_as_uint(x);
                return (b + 0x7fff + (b >> 16 & 1)) >> 16;
            }
            __device__ bits float16(float x) {
                bits b;
                asm("cvt.rn.f16.f32 %0, %1;" : "=h"(b) : "f"(x));
                return b;
            }

            struct __align__(16) Eight { ELEMENT value[8]; };

            #ifdef DOUBLED
            #define SCALES const float *map, const unsigned char *scales, const float *nested, const float *offset
            #define SCALE __fadd_rn(__fmul_rn(map[scales[block]], nested[block / 256]), *offset)
            #else
            #define SCALES const float *scales
            #define SCALE scales[block]
            #endif

            extern "C" __global__ void dequantise(
                    ELEMENT *out, long long length, const float *book, const unsigned *codes, SCALES) {
                __shared__ float values[16];
                if (threadIdx.x < 16) values[threadIdx.x] = book[threadIdx.x];
                __syncthreads();
                long long thread = (long long) blockIdx.x * blockDim.x + threadIdx.x;
                long long first = 8 * thread;
                if (first >= length) return;
                long long block = first / 64;
                float scale = SCALE;
                unsigned four = codes[thread];
                Eight eight;
                #pragma unroll
                for (int i = 0; i < 8; i++) {
                    unsigned code = four >> 8 * (i / 2) >> (i % 2 ? 0 : 4) & 15;
                    eight.value[i] = ROUND(__fmul_rn(values[code], scale));
                }
                if (first + 8 <= length && (unsigned long long) (out + first) % 16 == 0) {
                    *(Eight *) (out + first) = eight;
                } else {
                    for (int i = 0; i < 8 && first + i < length; i++) out[first + i] = eight.value[i];
                }
            }
            """;

    private final CudaKernel kernel;
    private final NDArray book;

    /**
     * @param owner of the code book, on the GPU
     * @param doubled whether scales are quantised too
     * @param type of the matrices that are written
     * @throws io.kaitoflow.inference.tensor.TensorException if such a kernel cannot be had here
     */
    public Nf4Kernel(NDManager owner, boolean doubled, ComputeType type) {
        kernel = new CudaKernel(SOURCE, "dequantise", options(doubled, type));
        book = Tensors.of(owner, CodeBook.NF4.values(), new Shape(CodeBook.NF4.values().length));
    }

    private static List<String> options(boolean doubled, ComputeType type) {
        List<String> options = new ArrayList<>(
                switch (type) {
                    case FLOAT32 -> List.of("-DELEMENT=float", "-DROUND=float32");
                    case BFLOAT16 -> List.of("-DELEMENT=bits", "-DROUND=bfloat16");
                    case FLOAT16 -> List.of("-DELEMENT=bits", "-DROUND=float16");
                });
        if (doubled) {
            options.add("-DDOUBLED");
        }
        return options;
    }

    @Override
    public void dequantise(List<NDArray> stored, NDArray target) {
        List<Object> arguments = new ArrayList<>();
        arguments.add(target);
        arguments.add(target.size());
        arguments.add(book);
        arguments.addAll(stored);
        kernel.launch(Math.ceilDiv(target.size(), VALUES_PER_THREAD), arguments);
    }

    @Override
    public void close() {
        kernel.close();
    }
}
