package io.kaitoflow.activities.tuning.qlora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.activities.dataset.tokens.TokenisedRow;
import io.kaitoflow.activities.tuning.batches.MicroBatch;
import io.kaitoflow.activities.tuning.batches.Packing;
import io.kaitoflow.activities.tuning.batches.RunLength;
import io.kaitoflow.activities.tuning.batches.TrainingSequence;
import io.kaitoflow.inference.tensor.ComputeDevice;
import io.kaitoflow.workflows.request.CadenceRecipe;
import io.kaitoflow.workflows.request.ComputeType;
import io.kaitoflow.workflows.request.QloraRecipe;
import io.kaitoflow.workflows.request.TrainingRecipe;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainingSetupTest {

    private static final TrainingRecipe RECIPE = TinyModel.recipe(4, 1, 10);

    @Test
    void refusesToDropEverything() {
        QloraRecipe dropout = new QloraRecipe(4, 8, 1, List.of(), false, ComputeType.FP32, true);

        assertThatThrownBy(() -> new TrainingSetup(with(dropout), TinyModel.rows(2), 1))
                .isInstanceOf(TrainingException.UnsupportedRecipe.class)
                .hasMessageContaining("lora_dropout is 1.0");
    }

    @Test
    void computesFloat16OnAProcessorInFloat32WhichHoldsAllOfIt() {
        QloraRecipe half = new QloraRecipe(4, 8, 0, List.of(), false, ComputeType.FP16, true);

        assertThat(TrainingSetup.computeType(half, ComputeDevice.CPU))
                .isEqualTo(io.kaitoflow.inference.tensor.ComputeType.FLOAT32);
        assertThat(TrainingSetup.computeType(half, ComputeDevice.CUDA))
                .isEqualTo(io.kaitoflow.inference.tensor.ComputeType.FLOAT16);
    }

    @Test
    void refusesRowsWithoutAnswers() {
        TokenisedRow silent = new TokenisedRow(new int[] {1, 2}, new boolean[] {true, false});

        assertThatThrownBy(() -> new TrainingSetup(RECIPE, List.of(silent), 1))
                .isInstanceOf(TrainingException.NothingToLearn.class)
                .hasMessageContaining("None of the 1 training rows");
    }

    @Test
    void refusesATargetThatTheModelDoesNotHave() {
        QloraRecipe unknown = new QloraRecipe(4, 8, 0, List.of("qkv_proj"), false, ComputeType.FP32, true);
        TrainingSetup setup = new TrainingSetup(with(unknown), TinyModel.rows(2), 1);

        assertThatThrownBy(() -> setup.layout(new TinyModel().configuration()))
                .isInstanceOf(TrainingException.UnsupportedRecipe.class)
                .hasMessageContaining("qkv_proj");
    }

    @Test
    void noTargetsMeansAllLinearModules() {
        var layout = new TrainingSetup(RECIPE, TinyModel.rows(2), 1).layout(new TinyModel().configuration());

        assertThat(layout.modules()).hasSize(7);
    }

    @Test
    void fractionsOfEpochsAreRoundedUpToSteps() {
        RunLength length = RunLength.of(TinyModel.recipe(4, 2, 10).optimiser(), 20);

        assertThat(length.stepsPerEpoch()).isEqualTo(3);
        assertThat(length.steps()).isEqualTo(6);
        assertThat(length.endRow(2) - length.firstRow(2)).isEqualTo(4);
        assertThat(length.epoch(3)).isOne();
        assertThat(length.epochsAfter(6)).isEqualTo(2);
    }

    @Test
    void paddingIsNeverScored() {
        MicroBatch batch = new MicroBatch(List.of(
                TrainingSequence.of(new TokenisedRow(new int[] {5, 6, 7}, new boolean[] {true, true, true})),
                TrainingSequence.of(new TokenisedRow(new int[] {8, 9}, new boolean[] {false, true}))));

        assertThat(batch.ids()).containsExactly(5, 6, 7, 8, 9, 0);
        assertThat(batch.targets().rows()).containsExactly(0, 1, 3);
        assertThat(batch.targets().next()).containsExactly(6, 7, 9);
        assertThat(batch.scoredTokens()).isEqualTo(3);
    }

    @Test
    void packedRowsAreNotAskedOfEachOther() {
        MicroBatch batch = new MicroBatch(List.of(new TrainingSequence(List.of(
                new TokenisedRow(new int[] {5, 6, 7}, new boolean[] {true, true, true}),
                new TokenisedRow(new int[] {8, 9}, new boolean[] {true, true})))));

        assertThat(batch.ids()).containsExactly(5, 6, 7, 8, 9);
        assertThat(batch.samples()).containsExactly(new int[] {3, 2});
        assertThat(batch.targets().rows()).containsExactly(0, 1, 3);
        assertThat(batch.targets().next()).containsExactly(6, 7, 9);
        assertThat(batch.rows()).isEqualTo(2);
    }

    @Test
    void packingFillsSequencesWithWholeRows() {
        List<TokenisedRow> rows = TinyModel.rows(23);

        List<TrainingSequence> packed = Packing.of(rows, 20);

        assertThat(packed.stream().flatMap(sequence -> sequence.samples().stream()))
                .containsExactlyInAnyOrderElementsOf(rows);
        assertThat(packed).allSatisfy(sequence -> assertThat(sequence.length()).isLessThanOrEqualTo(20));
        int tokens = rows.stream().mapToInt(TokenisedRow::length).sum();
        assertThat(packed).hasSizeLessThanOrEqualTo(Math.ceilDiv(tokens, 20) + 2);
    }

    @Test
    void rowsAreReadWhenTheirSequenceIsAskedForAndNotBefore() {
        List<TokenisedRow> rows = TinyModel.rows(40);
        List<Integer> read = new ArrayList<>();
        TrainingSetup setup = new TrainingSetup(
                RECIPE,
                new AbstractList<>() {
                    @Override
                    public TokenisedRow get(int index) {
                        read.add(index);
                        return rows.get(index);
                    }

                    @Override
                    public int size() {
                        return rows.size();
                    }
                },
                1);
        List<TrainingSequence> sequences = setup.sequences();
        read.clear();

        assertThat(sequences.get(17).samples()).containsExactly(rows.get(17));

        assertThat(read).containsExactly(17);
    }

    @Test
    void aRowLongerThanASequenceStaysAlone() {
        List<TokenisedRow> rows = TinyModel.rows(5);

        assertThat(Packing.of(rows, 4)).hasSize(5);
    }

    private static TrainingRecipe with(QloraRecipe lora) {
        return new TrainingRecipe(lora, RECIPE.optimiser(), RECIPE.data(), CadenceRecipe.defaults());
    }
}
