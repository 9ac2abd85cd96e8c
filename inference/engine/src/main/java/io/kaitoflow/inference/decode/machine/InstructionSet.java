package io.kaitoflow.inference.decode.machine;

import io.kaitoflow.inference.tensor.Processor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What products are assembled of, the best first. */
enum InstructionSet {
    /** 512-bit dot products of bytes and of bfloat16 numbers. */
    AVX512(
            8,
            InputForm.WHOLE_SPLIT,
            List.of("avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512_vnni", "avx512_bf16")) {
        @Override
        PanelProgram program(PanelForm form, int inputs, boolean adding) {
            return new WidePanelProgram(form, inputs, adding);
        }
    },
    /** 256-bit products of pairs of 16-bit whole numbers, and of float32. */
    AVX2(4, InputForm.WHOLE, List.of("avx2", "fma", "f16c")) {
        @Override
        PanelProgram program(PanelForm form, int inputs, boolean adding) {
            return new NarrowPanelProgram(form, inputs, adding);
        }
    };

    private static final Optional<InstructionSet> BEST =
            Arrays.stream(values()).filter(InstructionSet::isThere).findFirst();

    private final int mostInputs;
    private final InputForm besideCodes;
    private final List<String> flags;

    InstructionSet(int mostInputs, InputForm besideCodes, List<String> flags) {
        this.mostInputs = mostInputs;
        this.besideCodes = besideCodes;
        this.flags = flags;
    }

    /** What this machine can do best; nothing where it can do none of them. */
    static Optional<InstructionSet> best() {
        return BEST;
    }

    /** Whether this machine can do it. */
    boolean isThere() {
        return Processor.has(flags);
    }

    /** Inputs of one call: as many as there are registers for. */
    int mostInputs() {
        return mostInputs;
    }

    /** What a panel's inputs are rounded to. */
    InputForm inputsOf(PanelForm form) {
        return form == PanelForm.BF16 ? InputForm.BFLOAT16 : besideCodes;
    }

    /**
     * A function for panels of one form and so many inputs.
     *
     * @param adding whether sums begin with what is in the outputs, and not with zero
     */
    abstract PanelProgram program(PanelForm form, int inputs, boolean adding);
}
