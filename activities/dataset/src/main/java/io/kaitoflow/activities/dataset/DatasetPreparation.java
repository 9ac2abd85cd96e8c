package io.kaitoflow.activities.dataset;

import io.kaitoflow.activities.dataset.rows.DataFile;
import io.kaitoflow.activities.dataset.rows.TrainingRows;
import io.kaitoflow.activities.dataset.source.DatasetFetcher;
import io.kaitoflow.activities.dataset.source.FetchedData;
import io.kaitoflow.activities.dataset.tokens.DatasetInspector;
import io.kaitoflow.activities.dataset.tokens.Inspection;
import io.kaitoflow.activities.dataset.tokens.ModelRowEncoder;
import io.kaitoflow.activities.dataset.tokens.TokenisedDataset;
import io.kaitoflow.activities.dataset.tokens.TokenisedDatasets;
import io.kaitoflow.activities.dataset.tokens.TokenisingJob;
import io.kaitoflow.activities.model.FetchedModel;
import io.kaitoflow.activities.model.HubToken;
import io.kaitoflow.activities.model.ModelStore;
import io.kaitoflow.workflows.request.DataRecipe;
import io.kaitoflow.workflows.request.TuningJob;
import io.kaitoflow.workflows.tuning.DatasetActivities;
import io.kaitoflow.workflows.tuning.FetchedInputs;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Model and rows of a tuning job, brought to this machine; knows no Temporal. */
public final class DatasetPreparation {

    private final ModelStore models;
    private final HubTokens tokens;
    private final DatasetFetcher fetcher;
    private final TokenisedDatasets datasets;

    public DatasetPreparation(ModelStore models, HubTokens tokens, DatasetFetcher fetcher, TokenisedDatasets datasets) {
        this.models = models;
        this.tokens = tokens;
        this.fetcher = fetcher;
        this.datasets = datasets;
    }

    /**
     * Everything that training reads; what is there already is kept.
     *
     * @throws DatasetException where the rows cannot be had or trained on
     * @throws io.kaitoflow.activities.model.ModelException where the model cannot be had
     */
    public FetchedInputs prepare(DatasetActivities.Input input, ProgressListener listener) {
        FetchedModel model = fetchModel(input, listener);
        List<DataFile> files = fetcher.fetch(
                        input.job().input(), recipe(input.job()), input.id().uid(), listener)
                .files();
        try (ModelRowEncoder encoder = ModelRowEncoder.open(model.path(), recipe(input.job()))) {
            Path folder = datasets.prepare(job(input, files, encoder), listener);
            try (TokenisedDataset dataset = TokenisedDataset.open(folder)) {
                return new FetchedInputs(
                        model.path().toString(), model.digest(), folder.toString(), dataset.digest(), dataset.report());
            }
        }
    }

    /**
     * Looks at the same rows with the same eyes and keeps nothing of them; bad rows are in the result, not thrown. Their
     * sources are asked for the newest: a look comes before every new run.
     */
    public Inspection inspect(DatasetActivities.Input input, ProgressListener listener) {
        FetchedData data = fetcher.refresh(
                input.job().input(), recipe(input.job()), input.id().uid(), listener);
        // Last, because some models come whole or not at all.
        Path tokenizer = models.fetchTokenizer(input.preset(), token(input), listener);
        try (ModelRowEncoder encoder = ModelRowEncoder.open(tokenizer, recipe(input.job()))) {
            return new DatasetInspector()
                    .inspect(job(input, data.files(), encoder), listener)
                    .withNotes(data.notes());
        }
    }

    private FetchedModel fetchModel(DatasetActivities.Input input, ProgressListener listener) {
        return models.fetch(input.preset(), token(input), listener);
    }

    private Optional<HubToken> token(DatasetActivities.Input input) {
        return tokens.find(input.id(), input.job().model().accessSecret());
    }

    /** Nothing longer than the model's context can be trained on. */
    private static TokenisingJob job(DatasetActivities.Input input, List<DataFile> files, ModelRowEncoder encoder) {
        DataRecipe recipe = recipe(input.job());
        int context = input.preset().contextLength();
        return new TokenisingJob(
                new TrainingRows(files, recipe.columns()),
                encoder,
                Math.min(context, recipe.maxLength().orElse(context)),
                recipe.keepEnd(),
                recipe.trainFraction(),
                recipe.shuffleSeed());
    }

    private static DataRecipe recipe(TuningJob job) {
        return job.recipe().data();
    }
}
