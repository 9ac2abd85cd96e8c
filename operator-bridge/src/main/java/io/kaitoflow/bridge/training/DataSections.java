package io.kaitoflow.bridge.training;

import io.kaitoflow.workflows.request.DataRecipe;
import io.kaitoflow.workflows.request.DataRecipe.Columns;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads {@code DatasetConfig}, what {@code TrainingArguments} says about rows, and the chat template of {@code ModelConfig}.
 *
 * @param files other keys of the same ConfigMap; a template may be one of them
 */
record DataSections(Section dataset, Section arguments, Section model, Map<String, String> files) {

    private static final List<String> EXTENSIONS = List.of("parquet", "jsonl", "json", "csv");

    DataRecipe read() {
        DataRecipe usual = DataRecipe.defaults();
        sayWhatIsLeftOut();
        requireAnswers();
        return new DataRecipe(
                dataset.text("dataset_path"),
                extension(),
                new Columns(
                        dataset.text("messages_column"),
                        dataset.text("context_column"),
                        dataset.text("response_column")),
                dataset.flag("shuffle_dataset", usual.shuffle()),
                dataset.whole("shuffle_seed", (int) usual.shuffleSeed(), 0),
                dataset.number(
                        "train_test_split",
                        usual.trainFraction(),
                        share -> share > 0 && share <= 1,
                        "must be above 0 and at most 1"),
                arguments.whole("max_length", 2),
                arguments.flag("packing", usual.packing()),
                arguments.flag("completion_only_loss", usual.completionOnlyLoss()),
                chatTemplate(),
                arguments.flag("group_by_length", usual.groupByLength()),
                arguments.choice("truncation_side", usual.keepEnd(), Map.of("right", false, "left", true)));
    }

    private void sayWhatIsLeftOut() {
        if (dataset.has("messages_column") && (dataset.has("context_column") || dataset.has("response_column"))) {
            dataset.note("messages_column", "rows are chats, so context_column and response_column have no effect");
        }
    }

    private void requireAnswers() {
        if (dataset.has("context_column") && !dataset.has("response_column") && !dataset.has("messages_column")) {
            dataset.refuse(
                    "context_column",
                    "names the questions, and nothing names their answers",
                    "Write response_column, the column that holds the answers, too.");
        }
    }

    private Optional<String> extension() {
        Optional<String> extension = dataset.text("dataset_extension").map(text -> text.replaceFirst("^\\.", ""));
        if (extension.isPresent() && !EXTENSIONS.contains(extension.get())) {
            dataset.refuse(
                    "dataset_extension",
                    "is not a kind of file that can be read",
                    "Write one of " + String.join(", ", EXTENSIONS) + ".");
            return Optional.empty();
        }
        return extension;
    }

    /** Jinja itself, or the name of a file that stands in the same ConfigMap. */
    private Optional<String> chatTemplate() {
        Optional<String> template = model.text("chat_template");
        if (template.isEmpty() || template.get().contains("{")) {
            return template;
        }
        String file = template.get().substring(template.get().lastIndexOf('/') + 1);
        if (!files.containsKey(file)) {
            model.refuse(
                    "chat_template",
                    "is a path, and the ConfigMap has no key \"" + file + "\"",
                    "Add the template to the ConfigMap under that key, or write the Jinja text here.");
        }
        return Optional.ofNullable(files.get(file));
    }
}
