package io.kaitoflow.activities.tuning.qlora;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kaitoflow.activities.checkpoint.CheckpointStore;
import io.kaitoflow.activities.tuning.base.BaseWeights;
import io.kaitoflow.activities.tuning.base.FrozenModel;
import io.kaitoflow.activities.tuning.base.FrozenModel.Form;
import io.kaitoflow.activities.tuning.nf4.MatrixRows;
import io.kaitoflow.inference.model.BlockVector;
import io.kaitoflow.inference.model.LinearPart;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.workflows.request.TrainingRecipe;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What GPUs that are older than bfloat16 compute in, here on the processor. */
class Float16TrainingTest {

    private static final Digest RUN = Digest.parse("sha256:" + "c".repeat(64));
    private static final TrainingRecipe RECIPE = TinyModel.recipe(2, 1, 3);

    @TempDir
    private Path folder;

    /** A model with activations as large as some have, here larger than float16 holds. */
    private record Enormous(BaseWeights usual) implements BaseWeights {
        @Override
        public ModelConfiguration configuration() {
            return usual.configuration();
        }

        @Override
        public MatrixRows linear(int layer, LinearPart part) {
            return (first, count, out) -> {
                usual.linear(layer, part).read(first, count, out);
                for (int i = 0; i < count * part.columns(); i++) {
                    out[i] *= 1000;
                }
            };
        }

        @Override
        public float[] vector(int layer, BlockVector vector) {
            return usual.vector(layer, vector);
        }

        @Override
        public float[] finalNorm() {
            return usual.finalNorm();
        }

        @Override
        public MatrixRows embedding() {
            return usual.embedding();
        }

        @Override
        public Optional<MatrixRows> head() {
            return usual.head();
        }
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void lossesAreThoseOfFloat32(Form form) {
        List<StepReport> exact = steps("exact", new TinyModel(), form, ComputeType.FLOAT32);
        List<StepReport> rounded = steps("rounded", new TinyModel(), form, ComputeType.FLOAT16);

        assertThat(rounded).hasSameSizeAs(exact).isNotEmpty();
        for (int i = 0; i < exact.size(); i++) {
            double loss = exact.get(i).loss();
            assertThat(rounded.get(i).loss())
                    .isCloseTo(loss, within(1e-2 * loss))
                    .isNotEqualTo(loss);
        }
    }

    @Test
    void resumedRunGivesTheSameBitsAsAnUninterruptedOne() {
        try (FrozenModel model = new FrozenModel(new TinyModel(), Form.NF4, ComputeType.FLOAT16)) {
            List<StepReport> seen = new ArrayList<>();
            try (QloraTrainer trainer = trainer("parts", model)) {
                trainer.train(seen::add, () -> seen.size() == 5);
            }
            assertThat(adapter("parts", model)).isEqualTo(adapter("whole", model));
        }
    }

    @Test
    void aModelBeyondItsRangeIsSaidWithTheCure() {
        assertThatThrownBy(() -> steps("beyond", new Enormous(new TinyModel()), Form.NF4, ComputeType.FLOAT16))
                .isInstanceOf(TrainingException.Diverged.class)
                .hasMessageContaining("float16, which ends at 65504")
                .hasMessageContaining("bnb_4bit_compute_dtype to float32");
    }

    private List<StepReport> steps(String name, BaseWeights weights, Form form, ComputeType type) {
        List<StepReport> steps = new ArrayList<>();
        try (FrozenModel model = new FrozenModel(weights, form, type);
                QloraTrainer trainer = trainer(name, model)) {
            trainer.train(steps::add, () -> false);
        }
        return steps;
    }

    private float[] adapter(String name, FrozenModel model) {
        try (QloraTrainer trainer = trainer(name, model)) {
            trainer.train(step -> {}, () -> false);
            return trainer.adapter().memory().toArray(JAVA_FLOAT);
        }
    }

    private QloraTrainer trainer(String name, FrozenModel model) {
        return new QloraTrainer(
                model,
                new TrainingSetup(RECIPE, TinyModel.rows(12), 1),
                new CheckpointStore(folder.resolve(name), RUN),
                InstantSource.system());
    }
}
