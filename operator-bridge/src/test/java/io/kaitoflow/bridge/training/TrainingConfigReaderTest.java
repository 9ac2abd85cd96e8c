package io.kaitoflow.bridge.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.bridge.refusal.Findings;
import io.kaitoflow.bridge.refusal.Refusal;
import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.workflows.request.ComputeType;
import io.kaitoflow.workflows.request.OptimiserRecipe.Schedule;
import io.kaitoflow.workflows.request.TrainingRecipe;
import io.kaitoflow.workflows.request.TuningMethod;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingConfigReaderTest {

    /** Every honoured key. */
    static final String EVERY_KEY = """
            training_config:
              ModelConfig: {chat_template: "{{ messages }}"}
              QuantizationConfig: {load_in_4bit: true, bnb_4bit_quant_type: nf4, bnb_4bit_compute_dtype: float32,
                bnb_4bit_use_double_quant: false}
              LoraConfig: {r: 4, lora_alpha: 16, lora_dropout: 0.05, target_modules: [q_proj, v_proj], use_rslora: true, bias: none,
                initial_adapter: "registry.example.com/team/adapter:1"}
              TrainingArguments: {num_train_epochs: 2.5, max_steps: 7, per_device_train_batch_size: 2,
                gradient_accumulation_steps: 3, learning_rate: 2e-4, lr_scheduler_type: cosine, warmup_ratio: 0.1,
                warmup_steps: 5, weight_decay: 0.01, max_grad_norm: 0.3, adam_beta1: 0.8, adam_beta2: 0.99,
                adam_epsilon: 1e-6, seed: 7, logging_steps: 1, save_steps: 2, eval_steps: 3, save_strategy: steps,
                max_length: 64, packing: true, completion_only_loss: false, output_dir: /mnt/results, optim: paged_adamw_32bit,
                group_by_length: true, truncation_side: left}
              DatasetConfig: {dataset_path: train, dataset_extension: parquet, shuffle_dataset: false, shuffle_seed: 9,
                context_column: question, response_column: answer, messages_column: chat, train_test_split: 0.9}
            """;

    private final Findings findings = new Findings();

    @Test
    void nothingConfiguredIsTheDefault() {
        assertThat(read("training_config: {}", TuningMethod.QLORA)).isEqualTo(TrainingRecipe.defaults());
        assertThat(findings.refusals()).isEmpty();
    }

    @Test
    void adapterShapeAndQuantisationArrive() {
        TrainingRecipe recipe = read(EVERY_KEY, TuningMethod.QLORA);

        assertThat(findings.refusals()).isEmpty();
        assertThat(recipe.lora().scaling()).isEqualTo(8);
        assertThat(recipe.lora().targetModules()).containsExactly("q_proj", "v_proj");
        assertThat(recipe.lora().computeType()).isEqualTo(ComputeType.FP32);
        assertThat(recipe.lora().doubleQuantisation()).isFalse();
        assertThat(recipe.lora().dropout()).isEqualTo(0.05);
        assertThat(recipe.lora().initialAdapter())
                .contains(ImageReference.parse("registry.example.com/team/adapter:1"));
    }

    @Test
    void stepsRateAndMomentsArrive() {
        TrainingRecipe recipe = read(EVERY_KEY, TuningMethod.QLORA);

        assertThat(findings.refusals()).isEmpty();
        assertThat(recipe.optimiser().epochs()).isEqualTo(2.5);
        assertThat(recipe.optimiser().maxSteps()).hasValue(7);
        assertThat(recipe.optimiser().batchSize()).isEqualTo(2);
        assertThat(recipe.optimiser().accumulation()).isEqualTo(3);
        assertThat(recipe.optimiser().learningRate()).isEqualTo(2e-4);
        assertThat(recipe.optimiser().schedule()).isEqualTo(Schedule.COSINE);
        assertThat(recipe.optimiser().warmup().steps()).hasValue(5);
        assertThat(recipe.optimiser().warmup().ratio()).isEqualTo(0.1);
        assertThat(recipe.optimiser().adam().beta1()).isEqualTo(0.8);
        assertThat(recipe.optimiser().adam().beta2()).isEqualTo(0.99);
        assertThat(recipe.optimiser().adam().epsilon()).isEqualTo(1e-6);
        assertThat(recipe.optimiser().adam().weightDecay()).isEqualTo(0.01);
        assertThat(recipe.optimiser().maxGradientNorm()).isEqualTo(0.3);
        assertThat(recipe.optimiser().seed()).isEqualTo(7);
    }

    @Test
    void cadenceArrives() {
        TrainingRecipe recipe = read(EVERY_KEY, TuningMethod.QLORA);

        assertThat(findings.refusals()).isEmpty();
        assertThat(recipe.cadence().loggingSteps()).isEqualTo(1);
        assertThat(recipe.cadence().saveSteps()).isEqualTo(2);
        assertThat(recipe.cadence().evaluationSteps()).isEqualTo(3);
    }

    @Test
    void rowsAndColumnsArrive() {
        TrainingRecipe recipe = read(EVERY_KEY, TuningMethod.QLORA);

        assertThat(findings.refusals()).isEmpty();
        assertThat(recipe.data().path()).contains("train");
        assertThat(recipe.data().extension()).contains("parquet");
        assertThat(recipe.data().columns().messages()).contains("chat");
        assertThat(recipe.data().columns().context()).contains("question");
        assertThat(recipe.data().columns().response()).contains("answer");
        assertThat(recipe.data().shuffle()).isFalse();
        assertThat(recipe.data().shuffleSeed()).isEqualTo(9);
        assertThat(recipe.data().trainFraction()).isEqualTo(0.9);
        assertThat(recipe.data().maxLength()).hasValue(64);
        assertThat(recipe.data().packing()).isTrue();
        assertThat(recipe.data().completionOnlyLoss()).isFalse();
        assertThat(recipe.data().chatTemplate()).contains("{{ messages }}");
        assertThat(recipe.data().groupByLength()).isTrue();
        assertThat(recipe.data().keepEnd()).isTrue();
    }

    @Test
    void columnsThatTheMessagesReplaceAreSaid() {
        read("training_config: {DatasetConfig: {messages_column: chat, context_column: question}}", TuningMethod.QLORA);

        assertThat(findings.refusals()).isEmpty();
        assertThat(findings.notes())
                .singleElement()
                .asString()
                .contains("messages_column", "context_column and response_column have no effect");
    }

    @Test
    void float16IsAcceptedAndWhatBecomesOfItIsSaid() {
        TrainingRecipe recipe =
                read("training_config: {QuantizationConfig: {bnb_4bit_compute_dtype: float16}}", TuningMethod.QLORA);

        assertThat(findings.refusals()).isEmpty();
        assertThat(recipe.lora().computeType()).isEqualTo(ComputeType.FP16);
        assertThat(findings.notes())
                .anySatisfy(note ->
                        assertThat(note).contains("bnb_4bit_compute_dtype").contains("float32"));
    }

    @Test
    void kaitosOwnDefaultsAreAcceptedAndSaid() {
        TrainingRecipe recipe = read("""
                training_config:
                  ModelConfig: {torch_dtype: bfloat16, local_files_only: true, device_map: auto}
                  QuantizationConfig: {load_in_4bit: true, bnb_4bit_quant_type: nf4, bnb_4bit_compute_dtype: bfloat16,
                    bnb_4bit_use_double_quant: true}
                  LoraConfig: {r: 8, lora_alpha: 8, lora_dropout: 0.0}
                  TrainingArguments: {output_dir: /mnt/results, ddp_find_unused_parameters: false, save_strategy: epoch,
                    per_device_train_batch_size: 1, num_train_epochs: 3}
                  DataCollator: {mlm: true}
                  DatasetConfig: {shuffle_dataset: true, train_test_split: 1}
                """, TuningMethod.QLORA);

        assertThat(recipe).isEqualTo(TrainingRecipe.defaults());
        assertThat(findings.refusals()).isEmpty();
        assertThat(findings.notes())
                .anySatisfy(note -> assertThat(note).contains("device_map has no effect"))
                .anySatisfy(note -> assertThat(note).contains("ddp_find_unused_parameters has no effect"))
                .anySatisfy(note -> assertThat(note).contains("DataCollator.mlm has no effect"))
                .anySatisfy(note -> assertThat(note).contains("save_strategy \"epoch\""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "QLORA | {load_in_4bit: false} | load_in_4bit",
                "LORA | {load_in_4bit: true} | load_in_4bit",
                "LORA | {load_in_8bit: true} | load_in_8bit",
                "QLORA | {load_in_8bit: true} | load_in_8bit",
                "QLORA | {bnb_4bit_quant_type: fp4} | bnb_4bit_quant_type",
                "QLORA | {llm_int8_threshold: 6} | llm_int8_threshold"
            })
    void quantisationMustFitTheMethod(TuningMethod method, String section, String key) {
        read("training_config: {QuantizationConfig: " + section + "}", method);

        assertThat(findings.refusals())
                .singleElement()
                .extracting(Refusal::path)
                .asString()
                .endsWith("." + key);
    }

    @ParameterizedTest
    @CsvSource({
        "/mnt/results, true",
        "/mnt, true",
        "/mntx, false",
        "/mnt/../etc, false",
        "results, false",
        "/tmp, false"
    })
    void resultsStayBelowMnt(String folder, boolean accepted) {
        read("training_config: {TrainingArguments: {output_dir: " + folder + "}}", TuningMethod.QLORA);

        assertThat(findings.refusals().isEmpty()).isEqualTo(accepted);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "training_confg: {} | must have the one top key",
                "training_config: | must have the one top key",
                "training_config: {LoraConfig: [r]} | must hold keys and values",
                "training_config: {LoraConfig: {r: 0}} | must be a whole number of at least 1",
                "training_config: {LoraConfig: {r: 1.5}} | must be a whole number of at least 1",
                "training_config: {LoraConfig: {lora_dropout: 1}} | must be at least 0 and below 1",
                "training_config: {QuantizationConfig: {bnb_4bit_compute_dtype: float8}} | is not one of those that can be done",
                "training_config: {LoraConfig: {bias: all}} | is not one of those that can be done",
                "training_config: {LoraConfig: {use_rslora: maybe}} | must be true or false",
                "training_config: {LoraConfig: {initial_adapter: Not An Image}} | must be the image of an adapter",
                "training_config: {LoraConfig: {target_modules: []}} | must be a word or a list of words",
                "training_config: {LoraConfig: {target_modules: 5}} | must be a word or a list of words",
                "training_config: {LoraConfig: {target_modules: true}} | must be a word or a list of words",
                "training_config: {LoraConfig: {target_modules: ''}} | must be a word or a list of words",
                "training_config: {LoraConfig: {target_modules: {a: q_proj}}} | must be a word or a list of words",
                "training_config: {LoraConfig: {target_modules: [q_proj, 5]}} | must be a word or a list of words",
                "training_config: {TrainingArguments: {max_length: 1}} | must be a whole number of at least 2",
                "training_config: {DatasetConfig: {context_column: question}} | nothing names their answers",
                "training_config: {LoraConfig: {use_dora: true}} | this trainer cannot honour it",
                "training_config: {TrainingArguments: {optim: sgd}} | is not one of those that can be done",
                "training_config: {TrainingArguments: {learning_rate: 2}} | must be between 0 and 1",
                "training_config: {DatasetConfig: {dataset_extension: xml}} | is not a kind of file",
                "training_config: {DatasetConfig: {train_test_split: 0}} | must be above 0 and at most 1",
                "training_config: {DatasetConfig: {dataset_path: 3}} | must be text",
                "training_config: {ModelConfig: {chat_template: a.jinja}} | has no key \"a.jinja\"",
                "training_config: {ModelConfig | is not YAML: line 1"
            })
    void badValuesAreRefused(String text, String rule) {
        read(text, TuningMethod.QLORA);

        assertThat(findings.refusals())
                .singleElement()
                .extracting(Refusal::rule)
                .asString()
                .contains(rule);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{TrainingArguments: {max_seq_length: 512}} | Write max_length.",
                "{TrainingArguments: {eval_strategy: steps}} | Write eval_steps, the number of steps",
                "{TrainingArguments: {evaluation_strategy: steps}} | Write eval_steps, the number of steps",
                "{TrainingArguments: {dataset_text_field: body}} | Write response_column in DatasetConfig,",
                "{DatasetConfig: {text_column: body}} | Write response_column,",
                "{DatasetConfig: {instruction_column: task}} | Write context_column,"
            })
    void keysOfAnotherNameAreRefusedWithTheNameHere(String sections, String cure) {
        read("training_config: " + sections, TuningMethod.QLORA);

        assertThat(findings.refusals())
                .singleElement()
                .extracting(Refusal::cure)
                .asString()
                .startsWith(cure);
    }

    @Test
    void aChatTemplateMayBeAnotherKeyOfTheConfigMap() {
        Map<String, String> files = Map.of(
                TrainingConfigReader.KEY,
                "training_config: {ModelConfig: {chat_template: /templates/a.jinja}}",
                "a.jinja",
                "{{ bos }}");

        TrainingRecipe recipe = new TrainingConfigReader().read(files, TuningMethod.QLORA, "tuning.config", findings);

        assertThat(recipe.data().chatTemplate()).contains("{{ bos }}");
    }

    @Test
    void allLinearMeansTheModelsOwnLayers() {
        TrainingRecipe recipe = read("training_config: {LoraConfig: {target_modules: all-linear}}", TuningMethod.QLORA);

        assertThat(recipe.lora().targetModules()).isEmpty();
    }

    @Test
    void loraIsNotQuantised() {
        assertThat(read("training_config: {}", TuningMethod.LORA).lora().doubleQuantisation())
                .isFalse();
    }

    private TrainingRecipe read(String text, TuningMethod method) {
        return new TrainingConfigReader()
                .read(Map.of(TrainingConfigReader.KEY, text), method, "tuning.config", findings);
    }
}
