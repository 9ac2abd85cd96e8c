package io.kaitoflow.activities.tuning;

import io.kaitoflow.activities.checkpoint.CheckpointCourier;
import io.kaitoflow.activities.checkpoint.CheckpointStore;
import io.kaitoflow.activities.checkpoint.TrainingPosition;
import io.kaitoflow.activities.dataset.ProgressListener;
import io.kaitoflow.activities.dataset.files.Hashing;
import io.kaitoflow.activities.dataset.tokens.TokenisedDataset;
import io.kaitoflow.activities.dataset.tokens.TokenisedRow;
import io.kaitoflow.activities.evaluation.HeldOutLoss;
import io.kaitoflow.activities.tuning.adapter.AdapterFiles;
import io.kaitoflow.activities.tuning.adapter.AdapterOrigin;
import io.kaitoflow.activities.tuning.adapter.InitialAdapter;
import io.kaitoflow.activities.tuning.base.CheckpointWeights;
import io.kaitoflow.activities.tuning.base.FrozenModel;
import io.kaitoflow.activities.tuning.qlora.AnswerLoss;
import io.kaitoflow.activities.tuning.qlora.QloraTrainer;
import io.kaitoflow.activities.tuning.qlora.StepReport;
import io.kaitoflow.activities.tuning.qlora.TrainingException;
import io.kaitoflow.activities.tuning.qlora.TrainingOutcome;
import io.kaitoflow.activities.tuning.qlora.TrainingSetup;
import io.kaitoflow.activities.tuning.report.LossLog;
import io.kaitoflow.activities.tuning.report.TrainingReport;
import io.kaitoflow.activities.tuning.report.TrainingReport.Result;
import io.kaitoflow.activities.tuning.report.TrainingReport.Versions;
import io.kaitoflow.inference.model.Checkpoint;
import io.kaitoflow.inference.model.ModelException;
import io.kaitoflow.inference.tensor.ComputeDevice;
import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.tensor.TorchEngine;
import io.kaitoflow.inference.tokenizer.ModelFiles;
import io.kaitoflow.inference.tokenizer.Tokenizer;
import io.kaitoflow.inference.tokenizer.TokenizerException;
import io.kaitoflow.inference.weights.WeightFileException;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.presets.Release;
import io.kaitoflow.workflows.request.CadenceRecipe;
import io.kaitoflow.workflows.request.OutputTarget;
import io.kaitoflow.workflows.request.QloraRecipe;
import io.kaitoflow.workflows.request.SecretReference;
import io.kaitoflow.workflows.tuning.AdapterArtifact;
import io.kaitoflow.workflows.tuning.Evaluation;
import io.kaitoflow.workflows.tuning.FetchedInputs;
import io.kaitoflow.workflows.tuning.TuningActivities.EvaluateInput;
import io.kaitoflow.workflows.tuning.TuningActivities.TuneInput;
import io.kaitoflow.workflows.tuning.TuningProgress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tune steps on this machine: each has a folder of its own, so a repeated one finds what is done. */
public final class TuningRuns {

    private static final Logger LOG = LoggerFactory.getLogger(TuningRuns.class);

    /** How long a place that may have checkpoints is waited for before a training begins. */
    private static final Duration DEPOT_PATIENCE = Duration.ofMinutes(10);

    private final Path folder;
    private final AdapterSource adapters;
    private final InstantSource clock;
    private final CheckpointDepots depots;
    private final ComputeDevice device;

    /**
     * @param folder of all runs; made when needed
     * @param adapters where recipes go on from
     * @param clock for speed and time left
     * @param depots keep checkpoints where this machine's end does not reach them
     * @param device to compute on
     */
    public TuningRuns(
            Path folder, AdapterSource adapters, InstantSource clock, CheckpointDepots depots, ComputeDevice device) {
        this.folder = folder;
        this.adapters = adapters;
        this.clock = clock;
        this.depots = depots;
        this.device = device;
    }

    /** Trains from the newest whole checkpoint of this key, or returns what was finished before. */
    AdapterArtifact tune(TuneInput input, StepSupervisor supervisor) {
        RunFolder run = run(input);
        return run.finished().orElseGet(() -> train(input, run, supervisor));
    }

    /** Compares base and tuned on the held-out rows; the adapter comes from the run's last checkpoint. */
    Evaluation evaluate(EvaluateInput input) {
        TuneInput trained = input.trained();
        try (TokenisedDataset data = dataset(trained.inputs())) {
            if (data.heldOut().isEmpty()) {
                return Evaluation.skipped();
            }
            List<TokenisedRow> heldOut = data.heldOut();
            TrainingSetup setup = setup(trained, data);
            try (FrozenModel model = load(trained);
                    QloraTrainer trainer = new QloraTrainer(model, setup, checkpoints(run(trained)), clock);
                    AnswerLoss loss =
                            new AnswerLoss(model, setup.layout(model.configuration()), setup.microBatchRows())) {
                trainer.train(step -> {}, () -> false);
                return new HeldOutLoss(loss).compare(trainer.adapter(), heldOut);
            }
        }
    }

    /** What is known of a training that this machine did, or went on with. */
    TrainingReport report(TuneInput input, AdapterArtifact adapter, Optional<Result> result) {
        TrainingReport report = new TrainingReport(
                input,
                adapter,
                LossLog.read(run(input).losses()),
                result,
                new Versions(Release.VERSION, Runtime.version().toString(), TorchEngine.version()));
        report.write(run(input).report());
        return report;
    }

    private AdapterArtifact train(TuneInput input, RunFolder run, StepSupervisor supervisor) {
        supervisor.report(TuningProgress.of("loading the model", 0, 0));
        try (TokenisedDataset data = dataset(input.inputs());
                FrozenModel model = load(input);
                CheckpointCourier courier =
                        new CheckpointCourier(depots.of(input.id(), input.job(), run.identity()), DEPOT_PATIENCE)) {
            courier.fetchInto(checkpoints(run), () -> unwanted(supervisor));
            LossDiary diary = new LossDiary(losses(run), input.start(), courier::carry);
            try (QloraTrainer trainer = trainer(run, model, setup(input, data), diary)) {
                begin(input, run, model, trainer);
                return train(input, run, trainer, diary, supervisor);
            }
        }
    }

    private AdapterArtifact train(
            TuneInput input, RunFolder run, QloraTrainer trainer, LossDiary diary, StepSupervisor supervisor) {
        TrainingOutcome outcome = trainer.train(
                step -> {
                    diary.add(step);
                    log(step, input.job().recipe().cadence());
                    supervisor.report(progress(step));
                },
                supervisor::stopRequested);
        return switch (outcome) {
            case TrainingOutcome.Stopped _ -> throw supervisor.stopped();
            case TrainingOutcome.Finished finished -> finish(input, run, trainer, finished.position());
        };
    }

    /** Those of another machine came with the checkpoint that it made. */
    private static LossLog losses(RunFolder run) {
        return checkpoints(run)
                .newest()
                .map(newest -> LossLog.open(run.losses(), LossDiary.carried(newest)))
                .orElseGet(() -> LossLog.open(run.losses()));
    }

    /** A checkpoint holds what the initial adapter has become. */
    private void begin(TuneInput input, RunFolder run, FrozenModel model, QloraTrainer trainer) {
        Optional<ImageReference> image = input.job().recipe().lora().initialAdapter();
        if (image.isEmpty() || checkpoints(run).newest().isPresent()) {
            return;
        }
        try {
            InitialAdapter.read(
                            adapters.fetch(image.get(), secrets(input.job().output())),
                            image.get().toString())
                    .copyTo(trainer.adapter(), model.configuration());
        } catch (ModelException | WeightFileException e) {
            throw new TrainingException.UnusableModel(String.valueOf(e.getMessage()), e);
        }
    }

    /** The secret that pushes also pulls. */
    private static List<SecretReference> secrets(OutputTarget output) {
        return switch (output) {
            case OutputTarget.Image target -> target.pushSecret().stream().toList();
            case OutputTarget.Volume _ -> List.of();
        };
    }

    /** Every step is in losses.csv; the log tells as many as the recipe asks for. */
    private static void log(StepReport step, CadenceRecipe cadence) {
        if (isLogged(step.step(), step.totalSteps(), cadence)) {
            LOG.atInfo()
                    .addKeyValue("step", step.step() + "/" + step.totalSteps())
                    .addKeyValue("loss", step.loss())
                    .addKeyValue("gradientNorm", step.gradientNorm())
                    .addKeyValue("learningRate", step.learningRate())
                    .addKeyValue("tokensPerSecond", Math.round(step.tokensPerSecond()))
                    .log("A step was taken");
        }
    }

    static boolean isLogged(long step, long totalSteps, CadenceRecipe cadence) {
        return step % Math.max(1, cadence.loggingSteps()) == 0 || step == totalSteps;
    }

    private AdapterArtifact finish(TuneInput input, RunFolder run, QloraTrainer trainer, TrainingPosition position) {
        AdapterFiles.write(
                run.adapter(), trainer.adapter(), input.job().recipe().lora(), origin(input));
        AdapterArtifact adapter = new AdapterArtifact(
                run.adapter().toString(),
                digest(run.adapter().resolve(AdapterFiles.TENSORS)),
                position.step(),
                position.loss(),
                position.tokens(),
                position.resumes());
        report(input, adapter, Optional.empty());
        return run.finish(adapter);
    }

    /** Tells that a depot is asked, and so learns whether the answer is still wanted. */
    private static boolean unwanted(StepSupervisor supervisor) {
        supervisor.report(TuningProgress.of("looking for a checkpoint", 0, 0));
        return supervisor.stopRequested();
    }

    private QloraTrainer trainer(RunFolder run, FrozenModel model, TrainingSetup setup, LossDiary diary) {
        CheckpointStore store = new CheckpointStore(run.checkpoints(), run.identity(), diary::saved);
        return new QloraTrainer(model, setup, store, clock);
    }

    private static CheckpointStore checkpoints(RunFolder run) {
        return new CheckpointStore(run.checkpoints(), run.identity());
    }

    private RunFolder run(TuneInput input) {
        return RunFolder.in(folder, input.key(), input.inputs());
    }

    private FrozenModel load(TuneInput input) {
        QloraRecipe lora = input.job().recipe().lora();
        return load(
                Path.of(input.inputs().modelPath()),
                TrainingSetup.form(input.job().method(), lora),
                device,
                TrainingSetup.computeType(lora, device));
    }

    /** @throws TrainingException.UnusableModel naming the file or the tensor that is at fault */
    static FrozenModel load(Path model, FrozenModel.Form form, ComputeDevice device, ComputeType type) {
        try (Checkpoint source = Checkpoint.open(model)) {
            return new FrozenModel(new CheckpointWeights(source), form, device, type);
        } catch (ModelException | TokenizerException | WeightFileException e) {
            throw new TrainingException.UnusableModel(String.valueOf(e.getMessage()), e);
        }
    }

    private static TrainingSetup setup(TuneInput input, TokenisedDataset data) {
        return new TrainingSetup(input.job().recipe(), data.training(), data.heldOut(), input.batchDivisor());
    }

    private static TokenisedDataset dataset(FetchedInputs inputs) {
        return TokenisedDataset.open(Path.of(inputs.datasetPath()));
    }

    private static AdapterOrigin origin(TuneInput input) {
        ModelFiles files = ModelFiles.at(Path.of(input.inputs().modelPath()));
        try (Tokenizer tokenizer = files.tokenizer()) {
            return new AdapterOrigin(
                    input.preset().name(),
                    input.inputs().modelDigest(),
                    Optional.of(tokenizer.digest()),
                    input.job()
                            .recipe()
                            .data()
                            .chatTemplate()
                            .or(() -> template(files))
                            .map(TuningRuns::digest));
        }
    }

    /** Base models have none. */
    private static Optional<String> template(ModelFiles files) {
        try {
            return Optional.of(files.chatTemplate().source());
        } catch (TokenizerException.Missing none) {
            return Optional.empty();
        }
    }

    private static Digest digest(String text) {
        return Digest.ofSha256(Hashing.sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static TuningProgress progress(StepReport step) {
        return new TuningProgress(
                "tuning",
                step.step(),
                step.totalSteps(),
                step.epoch(),
                OptionalDouble.of(step.loss()),
                OptionalDouble.of(step.tokensPerSecond()),
                Optional.of(step.timeLeft()),
                step.checkpointStep());
    }

    private static Digest digest(Path file) {
        try {
            return Hashing.of(file, ProgressListener.silent());
        } catch (IOException e) {
            throw new UncheckedIOException("The adapter " + file + " cannot be read back", e);
        }
    }
}
