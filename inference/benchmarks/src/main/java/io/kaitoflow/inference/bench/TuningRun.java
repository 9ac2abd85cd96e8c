package io.kaitoflow.inference.bench;

import io.kaitoflow.activities.checkpoint.CheckpointStore;
import io.kaitoflow.activities.dataset.tokens.TokenisedRow;
import io.kaitoflow.activities.tuning.adapter.AdapterFiles;
import io.kaitoflow.activities.tuning.adapter.AdapterOrigin;
import io.kaitoflow.activities.tuning.base.CheckpointWeights;
import io.kaitoflow.activities.tuning.base.FrozenModel;
import io.kaitoflow.activities.tuning.qlora.QloraTrainer;
import io.kaitoflow.activities.tuning.qlora.StepReport;
import io.kaitoflow.activities.tuning.qlora.TrainingSetup;
import io.kaitoflow.inference.model.Checkpoint;
import io.kaitoflow.inference.tensor.ComputeDevice;
import io.kaitoflow.inference.tensor.TorchEngine;
import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.Precision;
import io.kaitoflow.presets.PresetCatalogue;
import io.kaitoflow.presets.TuningMemory;
import io.kaitoflow.workflows.request.CadenceRecipe;
import io.kaitoflow.workflows.request.ComputeType;
import io.kaitoflow.workflows.request.DataRecipe;
import io.kaitoflow.workflows.request.OptimiserRecipe;
import io.kaitoflow.workflows.request.QloraRecipe;
import io.kaitoflow.workflows.request.TrainingRecipe;
import io.kaitoflow.workflows.request.TuningMethod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Trains an adapter on a file of token ids and prints one line of JSON for each step and one at the end.
 *
 * <p>Arguments: model, ids (little-endian int32), rows of a step, tokens of a row, steps, compute type (bf16, fp16 or fp32),
 * learning rate, folder of the adapter to start from or {@code -}, folder for the adapter; then, where it is not QLoRA of rank 8, the
 * method (lora or qlora) and the rank. The variable {@code DEVICE} is cpu, which is the default, or cuda;
 * {@code OMP_NUM_THREADS} says how many threads compute.
 */
public final class TuningRun {
    private static final Digest RUN = Digest.ofSha256(new byte[32]);

    private final Path model;
    private final TrainingSetup setup;
    private final String start;
    private final Path out;
    private final int tokensPerStep;
    private final TuningMethod method;
    private final ComputeDevice device;
    private Duration processorTime = Duration.ZERO;

    private TuningRun(String[] arguments) throws IOException {
        int batch = Integer.parseInt(arguments[2]);
        int width = Integer.parseInt(arguments[3]);
        int steps = Integer.parseInt(arguments[4]);
        ComputeType type = ComputeType.valueOf(arguments[5].toUpperCase(Locale.ROOT));
        method =
                arguments.length > 9 ? TuningMethod.valueOf(arguments[9].toUpperCase(Locale.ROOT)) : TuningMethod.QLORA;
        int rank = arguments.length > 10 ? Integer.parseInt(arguments[10]) : 8;
        TrainingRecipe recipe = recipe(batch, steps, new Adapted(type, rank), Double.parseDouble(arguments[6]));
        model = Path.of(arguments[0]);
        setup = new TrainingSetup(recipe, rows(Path.of(arguments[1]), batch * steps, width), 1);
        device = ComputeDevice.valueOf(
                System.getenv().getOrDefault("DEVICE", "cpu").toUpperCase(Locale.ROOT));
        TorchEngine.require(device);
        start = arguments[7];
        out = Path.of(arguments[8]);
        tokensPerStep = batch * width;
    }

    /** Runs it. */
    public static void main(String[] arguments) throws IOException {
        TorchEngine.startAhead();
        try (AnonymousPeak peak = AnonymousPeak.watch()) {
            new TuningRun(arguments).train();
            System.out.printf(
                    "{\"peak_mib\": %d, \"peak_anonymous_mib\": %d, \"estimate_mib\": %d}%n",
                    mebibytes("VmHWM:"), peak.mebibytes(), estimate(arguments).bytes() >> 20);
        }
    }

    /** What check says beforehand, for the model that the scripts use. */
    private static ByteSize estimate(String[] arguments) {
        return new TuningMemory(
                        PresetCatalogue.load().find("smollm2-135m-instruct").orElseThrow(),
                        arguments.length <= 9 || arguments[9].equals("qlora"),
                        arguments.length > 10 ? Integer.parseInt(arguments[10]) : 8,
                        List.of(),
                        Integer.parseInt(arguments[2]),
                        Integer.parseInt(arguments[3]),
                        arguments[5].equals("fp32") || !ComputeDevice.CPU.multipliesBfloat16()
                                ? Precision.FP32
                                : Precision.BF16)
                .onProcessors()
                .total();
    }

    private record Adapted(ComputeType type, int rank) {}

    private void train() throws IOException {
        Path checkpoints = Files.createTempDirectory("tuning-run");
        QloraRecipe lora = setup.recipe().lora();
        try (FrozenModel frozen = load(lora);
                QloraTrainer trainer = new QloraTrainer(
                        frozen, setup, new CheckpointStore(checkpoints, RUN), InstantSource.system())) {
            if (!start.equals("-")) {
                AdapterFiles.read(Path.of(start), trainer.adapter());
            }
            trainer.train(this::print, () -> false);
            AdapterFiles.write(
                    out,
                    trainer.adapter(),
                    lora,
                    new AdapterOrigin(model.toString(), RUN, Optional.empty(), Optional.empty()));
        }
    }

    private FrozenModel load(QloraRecipe lora) {
        try (Checkpoint source = Checkpoint.open(model)) {
            return new FrozenModel(
                    new CheckpointWeights(source),
                    TrainingSetup.form(method, lora),
                    device,
                    TrainingSetup.computeType(lora, device));
        }
    }

    private void print(StepReport step) {
        ProcessHandle.Info process = ProcessHandle.current().info();
        double sinceStart = seconds(Duration.between(process.startInstant().orElseThrow(), Instant.now()));
        Duration used = process.totalCpuDuration().orElseThrow();
        double processor = seconds(used.minus(processorTime));
        processorTime = used;
        System.out.printf(
                "{\"step\": %d, \"loss\": %.6f, \"grad_norm\": %.6f, \"tokens_per_second\": %.1f, "
                        + "\"tokens_per_cpu_second\": %.1f, \"since_start\": %.2f, \"resident_mib\": %d}%n",
                step.step(),
                step.loss(),
                step.gradientNorm(),
                step.tokensPerSecond(),
                tokensPerStep / processor,
                sinceStart,
                mebibytes("VmRSS:"));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    static long mebibytes(String name) {
        return lines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElseThrow();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException("Reading " + file, e);
        }
    }

    /** From the beginning again where the file has fewer tokens. */
    private static List<TokenisedRow> rows(Path file, int count, int width) throws IOException {
        IntBuffer all = ByteBuffer.wrap(Files.readAllBytes(file))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asIntBuffer();
        int there = all.limit() / width;
        List<TokenisedRow> rows = new ArrayList<>();
        for (int row = 0; row < count; row++) {
            int[] ids = new int[width];
            all.get(row % there * width, ids);
            boolean[] scored = new boolean[width];
            Arrays.fill(scored, true);
            rows.add(new TokenisedRow(ids, scored));
        }
        return rows;
    }

    private static TrainingRecipe recipe(int batch, int steps, Adapted adapted, double rate) {
        OptimiserRecipe usual = OptimiserRecipe.defaults();
        DataRecipe data = DataRecipe.defaults();
        return new TrainingRecipe(
                new QloraRecipe(adapted.rank(), 8, 0, List.of(), false, adapted.type(), true),
                new OptimiserRecipe(
                        1,
                        OptionalInt.of(steps),
                        batch,
                        1,
                        rate,
                        OptimiserRecipe.Schedule.CONSTANT,
                        new OptimiserRecipe.Warmup(0, OptionalInt.empty()),
                        usual.adam(),
                        1.0,
                        usual.seed()),
                new DataRecipe(
                        data.path(),
                        data.extension(),
                        data.columns(),
                        false,
                        0,
                        1.0,
                        OptionalInt.empty(),
                        false,
                        true,
                        data.chatTemplate()),
                new CadenceRecipe(1, steps, 0));
    }
}
