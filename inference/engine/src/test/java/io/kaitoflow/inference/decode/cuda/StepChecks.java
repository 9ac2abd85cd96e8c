package io.kaitoflow.inference.decode.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.kaitoflow.inference.adapter.AdapterConfiguration;
import io.kaitoflow.inference.adapter.LoraAdapter;
import io.kaitoflow.inference.decode.Adapter;
import io.kaitoflow.inference.decode.BatchDecoder;
import io.kaitoflow.inference.decode.DecodeModel;
import io.kaitoflow.inference.decode.RoundedCopy;
import io.kaitoflow.inference.decode.Sequence;
import io.kaitoflow.inference.decode.StepRow;
import io.kaitoflow.inference.decode.Steps;
import io.kaitoflow.inference.decode.WideHeads;
import io.kaitoflow.inference.export.RandomAdapter;
import io.kaitoflow.inference.model.Checkpoint;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.model.Reference;
import io.kaitoflow.inference.tensor.CudaDevice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Steps on a GPU against the processor's exact sums over the same weights. What a GPU computes is rounded to bfloat16 before each
 * product, so logits differ by a hundredth, as they do on the processor in bfloat16.
 */
final class StepChecks {
    private static final int CONTEXT = 128;
    private static final double ROUNDING = 0.04;
    private static final double UNLUCKY = 0.1;
    private static final int[] LONGEST = Reference.ints(
            Reference.json("tiny/llama/logits.json").path("sequences").get(2).path("input_ids"));

    private final Path folder;

    /** @param folder for the models that it makes */
    StepChecks(Path folder) {
        this.folder = folder;
    }

    void inChunksOfEverySize(String name) throws IOException {
        Path copy = rounded(name);
        try (DecodeModel exact = DecodeModel.open(copy, false).orElseThrow();
                BatchDecoder onProcessor = onProcessor(exact, CONTEXT);
                CudaModel model = CudaModel.open(copy).orElseThrow()) {
            List<float[]> expected = Steps.all(onProcessor, LONGEST, CONTEXT, null);
            for (int chunk : new int[] {1, 3, 33, CONTEXT}) {
                try (BatchDecoder decoder = onGpu(model, CONTEXT)) {
                    assertNear(Steps.all(decoder, LONGEST, chunk, null), expected, "in chunks of " + chunk);
                    assertNear(Steps.all(decoder, LONGEST, chunk, null), expected, "after a cached beginning");
                }
            }
        }
    }

    void besideOtherRows(String name) throws IOException {
        Path copy = rounded(name);
        int[] other = Arrays.copyOfRange(LONGEST, 50, 90);
        try (DecodeModel exact = DecodeModel.open(copy, false).orElseThrow();
                BatchDecoder onProcessor = onProcessor(exact, CONTEXT);
                CudaModel model = CudaModel.open(copy).orElseThrow();
                BatchDecoder decoder = onGpu(model, CONTEXT)) {
            List<float[]> expected = Steps.all(onProcessor, LONGEST, CONTEXT, null);
            List<float[]> expectedOther = Steps.all(onProcessor, other, CONTEXT, null);
            Sequence replying = begin(decoder, other);
            decoder.step(Steps.rows(replying, other, other.length - 1, null));

            List<StepRow> rows = new ArrayList<>(Steps.rows(replying, other, 1, null));
            rows.addAll(Steps.rows(begin(decoder, LONGEST), LONGEST, LONGEST.length, null));
            List<float[]> logits = Steps.results(decoder.step(rows), rows.size());

            assertNear(logits.subList(0, 1), List.of(expectedOther.getLast()), "a reply");
            assertNear(logits.subList(1, rows.size()), expected, "a prompt");
        }
    }

    void inStretches(String name) throws IOException {
        int length = 600;
        int[] text =
                IntStream.range(0, length).map(i -> LONGEST[i % LONGEST.length]).toArray();
        Path copy = rounded(name);
        try (DecodeModel exact = DecodeModel.open(copy, false).orElseThrow();
                BatchDecoder onProcessor = onProcessor(exact, 1024);
                CudaModel model = CudaModel.open(copy).orElseThrow();
                BatchDecoder decoder = onGpu(model, 1024)) {
            List<float[]> expected = Steps.all(onProcessor, text, 100, null);
            Sequence sequence = begin(decoder, text);
            decoder.step(Steps.rows(sequence, text, 100, null));
            while (sequence.length() < length - 3) {
                decoder.step(Steps.rows(sequence, text, Math.min(100, length - 3 - sequence.length()), null));
            }
            for (int i = length - 3; i < length; i++) {
                List<float[]> one = Steps.results(decoder.step(Steps.rows(sequence, text, 1, null)), 1);
                assertNear(one, expected.subList(i, i + 1), "token " + i);
            }
        }
    }

    void withAdapters(String name) throws IOException {
        Path copy = rounded(name);
        try (DecodeModel exact = DecodeModel.open(copy, false).orElseThrow();
                BatchDecoder onProcessor = onProcessor(exact, CONTEXT);
                CudaModel model = CudaModel.open(copy).orElseThrow();
                BatchDecoder decoder = onGpu(model, CONTEXT)) {
            ModelConfiguration configuration = model.configuration();
            LoraAdapter lora = adapter(configuration);
            Adapter whole = Adapter.of(lora, configuration, 1);
            Adapter half = Adapter.of(lora, configuration, 0.5);
            List<Adapter> each = Arrays.asList(whole, null, half);
            int[] text = Arrays.copyOf(LONGEST, 41);
            List<List<float[]>> expected = each.stream()
                    .map(adapter -> Steps.all(onProcessor, text, CONTEXT, adapter))
                    .toList();
            List<Sequence> sequences = each.stream()
                    .map(adapter -> decoder.begin(text, CONTEXT, adapter).orElseThrow())
                    .toList();
            // Prompts share what is read of an adapter, and replies do not.
            for (int tokens : new int[] {40, 1}) {
                List<StepRow> rows = new ArrayList<>();
                for (int i = 0; i < each.size(); i++) {
                    rows.addAll(Steps.rows(sequences.get(i), text, tokens, each.get(i)));
                }
                List<float[]> logits = Steps.results(decoder.step(rows), rows.size());
                for (int i = 0; i < each.size(); i++) {
                    int until = sequences.get(i).length();
                    assertNear(
                            logits.subList(i * tokens, (i + 1) * tokens),
                            expected.get(i).subList(until - tokens, until),
                            "adapter " + i + ", " + tokens + " tokens");
                }
            }
        }
    }

    void withAnAdapterBesideAReplyWithAnother(String name) throws IOException {
        Path copy = rounded(name);
        try (DecodeModel exact = DecodeModel.open(copy, false).orElseThrow();
                BatchDecoder onProcessor = onProcessor(exact, CONTEXT);
                CudaModel model = CudaModel.open(copy).orElseThrow();
                BatchDecoder decoder = onGpu(model, CONTEXT)) {
            LoraAdapter lora = adapter(model.configuration());
            Adapter whole = Adapter.of(lora, model.configuration(), 1);
            Adapter half = Adapter.of(lora, model.configuration(), 0.5);
            int[] text = Arrays.copyOf(LONGEST, 10);
            int[] prompt = Arrays.copyOfRange(LONGEST, 30, 110);
            Sequence replying = decoder.begin(text, CONTEXT, whole).orElseThrow();
            decoder.step(Steps.rows(replying, text, text.length - 1, whole));

            List<StepRow> rows = new ArrayList<>(Steps.rows(replying, text, 1, whole));
            Sequence other = decoder.begin(prompt, CONTEXT, half).orElseThrow();
            rows.addAll(Steps.rows(other, prompt, prompt.length, half));
            List<float[]> logits = Steps.results(decoder.step(rows), rows.size());

            float[] reply = Steps.all(onProcessor, text, CONTEXT, whole).getLast();
            assertNear(logits.subList(0, 1), List.of(reply), "a reply");
            assertNear(logits.subList(1, rows.size()), Steps.all(onProcessor, prompt, CONTEXT, half), "a prompt");
        }
    }

    /** On a GPU with room for an adapter's first matrices. */
    void withoutRoomForAnAdapter(String name) throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(Reference.path("tiny/" + name));
                CudaDevice device = CudaDevice.open();
                CudaAdapters adapters = new CudaAdapters(device, checkpoint.configuration())) {
            ModelConfiguration configuration = checkpoint.configuration();
            Adapter large = Adapter.of(adapter(configuration), configuration, 1);
            LoraAdapter nothing = new LoraAdapter(new AdapterConfiguration(1, 1), Map.of());
            long free = device.free();

            assertThatThrownBy(() -> adapters.addressOf(large)).hasMessageContaining("The GPU has no ");

            assertThat(device.free()).isEqualTo(free);
            assertThat(adapters.widest()).isZero();
            assertThat(adapters.addressOf(Adapter.of(nothing, configuration, 1)))
                    .isPositive();
        }
    }

    private LoraAdapter adapter(ModelConfiguration configuration) throws IOException {
        return LoraAdapter.read(RandomAdapter.write(folder.resolve("adapter"), configuration));
    }

    void beyondAShortText(String name) throws IOException {
        JsonNode boundary = Reference.json("tiny/" + name + "/logits.json").path("boundary_sequences");
        int[] text = Reference.ints(boundary.get(1).path("input_ids"));
        Path copy = rounded(name);
        try (DecodeModel exact = DecodeModel.open(copy, false).orElseThrow();
                BatchDecoder onProcessor = onProcessor(exact, CONTEXT);
                CudaModel model = CudaModel.open(copy).orElseThrow();
                BatchDecoder decoder = onGpu(model, CONTEXT)) {
            Sequence sequence = begin(decoder, Arrays.copyOf(text, 60));
            decoder.step(Steps.rows(sequence, text, 64, null));

            sequence.growTo(65);

            List<float[]> crossed = Steps.results(decoder.step(Steps.rows(sequence, text, 65, null)), 65);
            assertNear(crossed, Steps.all(onProcessor, text, CONTEXT, null), "as a long one");
        }
    }

    void withLargeHeads() throws IOException {
        Path wide = WideHeads.write(Reference.path("tiny/gemma2"), 256, folder.resolve("wide"));
        Path copy = RoundedCopy.write(wide, folder.resolve("rounded"));
        int[] text = Arrays.copyOf(LONGEST, 50);
        try (DecodeModel exact = DecodeModel.open(copy, false).orElseThrow();
                BatchDecoder onProcessor = onProcessor(exact, CONTEXT);
                CudaModel model = CudaModel.open(copy).orElseThrow();
                BatchDecoder decoder = onGpu(model, CONTEXT)) {
            assertNear(Steps.all(decoder, text, 49, null), Steps.all(onProcessor, text, CONTEXT, null), "large heads");
        }
    }

    private Path rounded(String name) throws IOException {
        return RoundedCopy.write(
                Reference.path("tiny/" + name), folder.resolve("rounded").resolve(name));
    }

    private static BatchDecoder onProcessor(DecodeModel model, int context) {
        return new BatchDecoder(model, settings(context));
    }

    private static BatchDecoder onGpu(CudaModel model, int context) {
        BatchDecoder.Settings settings = settings(context);
        CudaForward.Limits limits =
                new CudaForward.Limits(settings.tokens(), settings.rows(), settings.sequences(), context);
        return new BatchDecoder(new CudaForward(model, limits), model.configuration(), settings);
    }

    private static BatchDecoder.Settings settings(int context) {
        return new BatchDecoder.Settings(2 * context + 256, context, 160, 160, 2, false);
    }

    private static Sequence begin(BatchDecoder decoder, int[] prompt) {
        return decoder.begin(prompt, decoder.settings().context(), null).orElseThrow();
    }

    /** The last of the expected ones, where there are more: the first may have been cached. */
    private static void assertNear(List<float[]> actual, List<float[]> expected, String how) {
        List<float[]> last = expected.subList(expected.size() - actual.size(), expected.size());
        double[] distances = IntStream.range(0, actual.size())
                .mapToDouble(i -> distance(actual.get(i), last.get(i)))
                .toArray();
        assertThat(Arrays.stream(distances).max().orElseThrow())
                .as("greatest distance, %s", how)
                .isLessThan(UNLUCKY);
        assertThat(Arrays.stream(distances).average().orElseThrow())
                .as("distance, %s", how)
                .isLessThan(ROUNDING);
    }

    /** Length of the difference over that of what is expected. */
    private static double distance(float[] actual, float[] expected) {
        double difference = 0;
        double length = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += Math.pow((double) actual[i] - expected[i], 2);
            length += Math.pow(expected[i], 2);
        }
        return Math.sqrt(difference / length);
    }
}
