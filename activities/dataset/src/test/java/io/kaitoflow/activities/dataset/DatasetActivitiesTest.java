package io.kaitoflow.activities.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kaitoflow.activities.dataset.download.LocalServer;
import io.kaitoflow.activities.dataset.files.Hashing;
import io.kaitoflow.activities.dataset.source.DatasetFetcher;
import io.kaitoflow.activities.dataset.source.FetchSettings;
import io.kaitoflow.activities.dataset.source.ImageFolders;
import io.kaitoflow.activities.dataset.tokens.Inspection;
import io.kaitoflow.activities.dataset.tokens.TokenisedDataset;
import io.kaitoflow.activities.dataset.tokens.TokenisedDatasets;
import io.kaitoflow.activities.model.ModelSettings;
import io.kaitoflow.activities.model.ModelStore;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.presets.ModelShape;
import io.kaitoflow.presets.ModelSource;
import io.kaitoflow.presets.Preset;
import io.kaitoflow.workflows.request.DatasetSource;
import io.kaitoflow.workflows.request.ModelReference;
import io.kaitoflow.workflows.request.OutputTarget;
import io.kaitoflow.workflows.request.TrainingRecipe;
import io.kaitoflow.workflows.request.TuningJob;
import io.kaitoflow.workflows.request.TuningMethod;
import io.kaitoflow.workflows.request.VolumeReference;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.tuning.DatasetActivities;
import io.kaitoflow.workflows.tuning.FetchedInputs;
import io.kaitoflow.workflows.tuning.TuningProgress;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetActivitiesTest {

    private static final String GGUF = "/maker/tiny/resolve/main/model.gguf";
    private static final String GOOD = "{\"prompt\":\"Who keeps the lamp?\",\"completion\":\"Mira does.\"}\n";

    @TempDir
    private Path folder;

    private final List<TuningProgress> beats = new CopyOnWriteArrayList<>();
    private LocalServer hub;

    @BeforeEach
    void start() throws IOException {
        hub = new LocalServer();
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    @Test
    void modelAndRowsEndWhereTheTrainerReadsThem() throws IOException {
        DatasetActivities.Input input = input(serveRealModel(), GOOD.repeat(4));

        FetchedInputs fetched = activities().fetch(input);

        assertThat(Path.of(fetched.modelPath())).hasFileName("model.gguf");
        assertThat(fetched.dataset().rows()).isEqualTo(4);
        assertThat(fetched.dataset().duplicates()).isEqualTo(3);
        try (TokenisedDataset dataset = TokenisedDataset.open(Path.of(fetched.datasetPath()))) {
            assertThat(dataset.digest()).isEqualTo(fetched.datasetDigest());
            assertThat(dataset.training().get(3).scoredTokens()).isBetween(3, 8);
        }
        assertThat(beats).extracting(TuningProgress::activity).contains("checking model.gguf", "tokenising rows");
        assertThat(activities().fetch(input)).isEqualTo(fetched);
    }

    @Test
    void aBadRowFailsTheFetchAndIsListedByTheInspection() throws IOException {
        DatasetActivities.Input input = input(serveRealModel(), GOOD + "{\"prompt\":\"Who?\"}\n");
        String problem = "rows.jsonl, row 2: \"completion\" is missing; add it, or leave the row out.";

        assertThatThrownBy(() -> activities().fetch(input))
                .isInstanceOfSatisfying(ApplicationFailure.class, failure -> {
                    assertThat(failure.getType()).isEqualTo("DATASET_INVALID");
                    assertThat(failure.isNonRetryable()).isTrue();
                    assertThat(failure.getOriginalMessage()).isEqualTo(problem);
                });
        Inspection inspection = preparation().inspect(input, ProgressListener.silent());
        assertThat(inspection.problems()).containsExactly(problem);
        assertThat(inspection.report().orElseThrow().rows()).isEqualTo(1);
    }

    @Test
    void aModelThatCannotBeHadIsItsOwnKindOfFailure() throws IOException {
        hub.refuse(GGUF, 404);
        Digest any = Digest.ofSha256(Hashing.sha256().digest());

        assertThatThrownBy(() -> activities().fetch(input(any, GOOD)))
                .isInstanceOfSatisfying(ApplicationFailure.class, failure -> {
                    assertThat(failure.getType()).isEqualTo("MODEL_UNAVAILABLE");
                    assertThat(failure.isNonRetryable()).isFalse();
                });
    }

    private DatasetActivities activities() {
        return new DatasetActivitiesImpl(preparation(), beats::add);
    }

    private DatasetPreparation preparation() {
        ImageFolders noImages = (image, secrets, inImage, target, listener) -> {
            throw new DatasetException.Unavailable("there is no registry here", null);
        };
        return new DatasetPreparation(
                new ModelStore(
                        new ModelSettings(folder.resolve("models"), hub.uri(""), List.of("python3"), Optional.empty()),
                        noImages),
                (workspace, secret) -> Optional.empty(),
                new DatasetFetcher(
                        new FetchSettings(folder.resolve("downloads"), Set.of()),
                        volume -> Path.of(((VolumeReference.HostPath) volume).path()),
                        noImages,
                        (image, secrets) -> {
                            throw new DatasetException.Unavailable("there is no registry here", null);
                        }),
                new TokenisedDatasets(folder.resolve("tokenised")));
    }

    private Digest serveRealModel() throws IOException {
        String path = System.getProperty("KAITOFLOW_TEST_MODEL", System.getenv("KAITOFLOW_TEST_MODEL"));
        assumeTrue(path != null, "Skipped: set KAITOFLOW_TEST_MODEL to SmolLM2-135M-Instruct.Q4_1.gguf");
        Path model = Path.of(String.valueOf(path));
        hub.on(GGUF, exchange -> {
            exchange.sendResponseHeaders(200, Files.size(model));
            Files.copy(model, exchange.getResponseBody());
        });
        return Hashing.of(model, ProgressListener.silent());
    }

    private DatasetActivities.Input input(Digest model, String rows) throws IOException {
        Path file = Files.writeString(folder.resolve("rows.jsonl"), rows);
        ModelSource.File gguf = new ModelSource.File("model.gguf", Optional.of(model));
        Preset preset = new Preset(
                "tiny",
                "llama",
                new ModelShape(1, 1, 1, 1, 1, 1, 1, true),
                512,
                List.of(),
                List.of(new ModelSource.Hub("maker/tiny", "main", List.of(gguf))),
                "Apache-2.0",
                false,
                true);
        TuningJob job = new TuningJob(
                new ModelReference("tiny", Optional.empty()),
                TuningMethod.QLORA,
                new DatasetSource.Volume(new VolumeReference.HostPath(file.toString())),
                output(),
                TrainingRecipe.defaults());
        return new DatasetActivities.Input(new WorkspaceId("default", "tune", "uid-1"), preset, job);
    }

    private static OutputTarget output() {
        return new OutputTarget.Image(ImageReference.parse("localhost:5000/out:1"), Optional.empty());
    }
}
