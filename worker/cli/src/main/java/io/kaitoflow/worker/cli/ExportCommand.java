package io.kaitoflow.worker.cli;

import io.kaitoflow.inference.export.ModelExport;
import io.kaitoflow.inference.model.ModelException;
import io.kaitoflow.inference.tokenizer.TokenizerException;
import io.kaitoflow.inference.weights.ElementType;
import io.kaitoflow.inference.weights.WeightFileException;
import io.kaitoflow.worker.cli.terminal.CommandFailure;
import io.kaitoflow.worker.cli.terminal.ExitCode;
import io.kaitoflow.worker.tuner.LocalHome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kaitoflow export}: a tuned model in files for other programs. */
@Command(
        name = "export",
        description =
                "Writes a tuned model for other programs: merged weights as safetensors or GGUF, or the adapter alone as GGUF.",
        footer = {
            "",
            "Examples:",
            "  kaitoflow export smollm2-135m-instruct --adapter registry.example.com/team/adapter:1 --to merged",
            "  kaitoflow export model.gguf --adapter ./adapter --as gguf --type f16 --to tuned.gguf",
            "  kaitoflow export smollm2-135m-instruct --adapter ./adapter --as gguf-adapter --to adapter.gguf"
        })
final class ExportCommand implements Callable<Integer> {

    private static final Map<String, ModelExport.Form> FORMS = Map.of(
            "safetensors",
            ModelExport.Form.SAFETENSORS,
            "gguf",
            ModelExport.Form.GGUF,
            "gguf-adapter",
            ModelExport.Form.GGUF_ADAPTER);
    private static final Map<String, ElementType> TYPES =
            Map.of("f32", ElementType.F32, "f16", ElementType.F16, "bf16", ElementType.BF16);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private HomeOption homeOption = new HomeOption();

    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description =
                    "The base: a name that models list prints, a GGUF file, or a folder with config.json and safetensors.")
    private String model = "";

    @Option(
            names = "--adapter",
            paramLabel = "DIR|IMAGE",
            required = true,
            description = "The PEFT adapter's folder or image.")
    private String adapter = "";

    @Option(
            names = "--to",
            paramLabel = "PLACE",
            required = true,
            description = "A new folder for safetensors, else a new file.")
    private Path target = Path.of("");

    @Option(
            names = "--as",
            paramLabel = "FORM",
            description =
                    "safetensors, gguf (llama.cpp), or gguf-adapter (llama.cpp's --lora); default: ${DEFAULT-VALUE}.",
            defaultValue = "safetensors")
    private String form = "";

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            description =
                    "Merged weights in f32, f16 or bf16; default: as the base has them, bf16 where that is quantised.")
    private Optional<String> type = Optional.empty();

    @Override
    public Integer call() throws IOException {
        ModelExport.Form chosen = chosen("--as", form, FORMS);
        Optional<ElementType> stored = type.map(word -> chosen("--type", word, TYPES));
        LocalHome home = homeOption.prepared();
        ServedModelFiles files = new ServedModelFiles(home);
        Path base = files.path(model);
        try {
            new ModelExport(base, files.folder(adapter), stored).write(chosen, target);
        } catch (ModelException | TokenizerException | WeightFileException e) {
            throw new CommandFailure(ExitCode.REFUSED, String.valueOf(e.getMessage()));
        }
        System.out.println("Wrote " + target.toAbsolutePath());
        return ExitCode.OK;
    }

    private <T> T chosen(String option, String word, Map<String, T> choices) {
        T found = choices.get(word);
        if (found == null) {
            throw new ParameterException(
                    spec.commandLine(),
                    option + " takes "
                            + String.join(
                                    ", ", choices.keySet().stream().sorted().toList()) + ", not \"" + word + "\".");
        }
        return found;
    }
}
