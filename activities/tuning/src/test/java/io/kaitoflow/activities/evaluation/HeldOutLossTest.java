package io.kaitoflow.activities.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kaitoflow.activities.checkpoint.CheckpointStore;
import io.kaitoflow.activities.dataset.tokens.TokenisedRow;
import io.kaitoflow.activities.tuning.adapter.Adapter;
import io.kaitoflow.activities.tuning.base.FrozenModel;
import io.kaitoflow.activities.tuning.qlora.AnswerLoss;
import io.kaitoflow.activities.tuning.qlora.QloraTrainer;
import io.kaitoflow.activities.tuning.qlora.TinyModel;
import io.kaitoflow.activities.tuning.qlora.TrainingSetup;
import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.workflows.tuning.Evaluation;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeldOutLossTest {

    private static final Digest RUN = Digest.parse("sha256:" + "c".repeat(64));

    private final FrozenModel model = new FrozenModel(new TinyModel(), FrozenModel.Form.DENSE, ComputeType.FLOAT32);
    private final List<TokenisedRow> rows = TinyModel.rows(12);
    private final TrainingSetup setup = new TrainingSetup(TinyModel.recipe(2, 1, 100), rows, 1);

    @AfterEach
    void closeModel() {
        model.close();
    }

    @Test
    void untrainedAdapterChangesNothing() {
        try (Adapter adapter = new Adapter(setup.layout(model.configuration()), 2, model.device());
                AnswerLoss loss = new AnswerLoss(model, adapter.layout(), 3)) {
            adapter.initialise(1);

            Evaluation result = new HeldOutLoss(loss).compare(adapter, rows);

            assertThat(result.tuned()).isEqualTo(result.base());
            assertThat(result.improvement()).hasValue(0);
        }
    }

    @Test
    void trainedAdapterIsBetterOnItsOwnRows(@TempDir Path folder) {
        try (QloraTrainer trainer =
                        new QloraTrainer(model, setup, new CheckpointStore(folder, RUN), InstantSource.system());
                AnswerLoss loss = new AnswerLoss(model, trainer.adapter().layout(), 3)) {
            trainer.train(step -> {}, () -> false);

            assertThat(new HeldOutLoss(loss)
                            .compare(trainer.adapter(), rows)
                            .improvement()
                            .orElseThrow())
                    .isPositive();
        }
    }

    @Test
    void meanIsOverTokensWhateverTheBatches() {
        try (Adapter adapter = new Adapter(setup.layout(model.configuration()), 2, model.device());
                AnswerLoss single = new AnswerLoss(model, adapter.layout(), 1);
                AnswerLoss many = new AnswerLoss(model, adapter.layout(), 5)) {
            assertThat(many.mean(adapter, rows)).isCloseTo(single.mean(adapter, rows), within(1e-5));
        }
    }

    @Test
    void withoutHeldOutRowsItIsSkippedAndSaysSo() {
        try (Adapter adapter = new Adapter(setup.layout(model.configuration()), 2, model.device());
                AnswerLoss loss = new AnswerLoss(model, adapter.layout(), 3)) {
            assertThat(new HeldOutLoss(loss).compare(adapter, List.of())).isEqualTo(Evaluation.skipped());
        }
    }
}
