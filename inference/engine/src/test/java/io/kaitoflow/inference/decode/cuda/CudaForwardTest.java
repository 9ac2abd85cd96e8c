package io.kaitoflow.inference.decode.cuda;

import static org.junit.jupiter.api.Assumptions.abort;

import io.kaitoflow.inference.tensor.CudaDevice;
import io.kaitoflow.inference.tensor.TensorException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Random models of every architecture on a GPU. */
class CudaForwardTest {
    private StepChecks steps;

    @BeforeAll
    static void needsAGpu() {
        try {
            CudaDevice.open().close();
        } catch (TensorException e) {
            abort("Not tested on a GPU. " + e.getMessage());
        }
    }

    @BeforeEach
    void work(@TempDir Path folder) {
        steps = new StepChecks(folder);
    }

    static List<String> models() {
        return List.of("llama", "llama3", "mistral", "qwen2", "qwen3", "phi3", "phi4mini", "gemma2", "gemma3");
    }

    @ParameterizedTest
    @MethodSource("models")
    void logitsAreTheProcessorsUpToRoundingInChunksOfEverySize(String name) throws IOException {
        steps.inChunksOfEverySize(name);
    }

    @ParameterizedTest
    @MethodSource("models")
    void rowsOfOneStepDoNotSeeEachOther(String name) throws IOException {
        steps.besideOtherRows(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "mistral", "gemma3"})
    void aLongTextIsLookedAtInStretches(String name) throws IOException {
        steps.inStretches(name);
    }

    @ParameterizedTest
    @MethodSource("models")
    void eachRowHasItsOwnAdapter(String name) throws IOException {
        steps.withAdapters(name);
    }

    @ParameterizedTest
    @MethodSource("models")
    void aPromptHasAnotherAdapterThanTheReplyBesideIt(String name) throws IOException {
        steps.withAnAdapterBesideAReplyWithAnother(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"phi3", "phi4mini"})
    void aSequenceThatOutgrowsAShortTextIsComputedAnewAsALongOne(String name) throws IOException {
        steps.beyondAShortText(name);
    }

    @Test
    void headsLargerThanThoseOfTheTensorCoresAreLookedAtWithoutThem() throws IOException {
        steps.withLargeHeads();
    }
}
