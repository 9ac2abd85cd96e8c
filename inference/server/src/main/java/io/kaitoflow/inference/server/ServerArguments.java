package io.kaitoflow.inference.server;

import io.kaitoflow.inference.server.adapters.AdapterDoor;
import io.kaitoflow.inference.server.adapters.AdapterFollower;
import io.kaitoflow.inference.server.adapters.AdapterList;
import io.kaitoflow.inference.server.engine.AdapterSource;
import io.kaitoflow.inference.server.engine.Arithmetic;
import io.kaitoflow.inference.server.engine.EngineSettings;
import io.kaitoflow.inference.server.engine.ServedBase;
import io.kaitoflow.inference.server.keys.KeysOption;
import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.tensor.DeviceChoice;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command line as picocli fills it in; {@link #settings} is what the program reads. */
final class ServerArguments {

    /** The spellings users know. */
    enum Compute {
        bf16(ComputeType.BFLOAT16),
        fp32(ComputeType.FLOAT32);

        private final ComputeType type;

        Compute(ComputeType type) {
            this.type = type;
        }
    }

    /** The spellings users know. */
    enum Device {
        auto(DeviceChoice.AUTO),
        cpu(DeviceChoice.CPU),
        cuda(DeviceChoice.CUDA);

        private final DeviceChoice choice;

        Device(DeviceChoice choice) {
            this.choice = choice;
        }
    }

    @Option(
            names = "--model",
            required = true,
            paramLabel = "PATH",
            description = "GGUF file, or folder with config.json and safetensors.")
    private Path model = Path.of("");

    @Option(
            names = "--model-name",
            paramLabel = "NAME",
            description = "Name the base answers to; by default the name of PATH without its ending.")
    private @Nullable String modelName;

    @Option(
            names = "--model-digest",
            paramLabel = "DIGEST",
            description = "Of the base's weights: adapters that were trained on another model are then refused, and on"
                    + " another form of this one warned of.")
    private @Nullable String modelDigest;

    @Option(
            names = "--adapter",
            paramLabel = "NAME=FOLDER",
            description = "PEFT adapter, served under NAME; repeatable, the first is the default model.")
    private Map<String, Path> adapters = new LinkedHashMap<>();

    @Mixin
    private ListeningOptions listening = new ListeningOptions();

    @Option(
            names = "--device",
            paramLabel = "WHERE",
            defaultValue = "${env:KAITOFLOW_DEVICE:-auto}",
            description =
                    "Where to compute: ${COMPLETION-CANDIDATES}; cuda is an NVIDIA GPU, auto takes one where there"
                            + " is one (default: $$KAITOFLOW_DEVICE, else auto).")
    private Device device = Device.auto;

    @Option(
            names = "--compute",
            paramLabel = "TYPE",
            description = "Arithmetic: ${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}).")
    private Compute compute = Compute.bf16;

    @Option(
            names = "--deterministic",
            description = "One order of summation, so that a reply is the same bit for bit alone, in a batch and with a"
                    + " cached beginning. Refused for models that PyTorch computes; costs nothing on processors with"
                    + " AVX2 or AVX-512 dot products.")
    private boolean deterministic;

    @Option(
            names = "--slots",
            paramLabel = "N",
            description = "Replies that are made at the same time (default " + EngineSettings.DEFAULT_SLOTS
                    + ", on a GPU 32).")
    private @Nullable Integer slots;

    @Option(
            names = "--queue",
            paramLabel = "N",
            description = "Requests that may wait for a slot (default ${DEFAULT-VALUE}).")
    private int queue = 64;

    @Option(
            names = "--context",
            paramLabel = "TOKENS",
            description = "Prompt and reply together; by default the slots share " + EngineSettings.DEFAULT_TOKENS
                    + ", and on a GPU as many as its memory holds.")
    private @Nullable Integer context;

    @Option(
            names = "--adapter-strength",
            paramLabel = "NAME=0..1",
            description = "Multiplies what an adapter adds (default 1); repeatable.")
    private Map<String, Double> strengths = new LinkedHashMap<>();

    @Option(
            names = "--adapter-folder",
            paramLabel = "DIR",
            description = "Lets /v1/load_lora_adapter load adapters from inside DIR; without it, it loads none.")
    private @Nullable Path adapterFolder;

    @Option(
            names = "--adapter-list",
            paramLabel = "FILE",
            description =
                    "JSON file that lists the adapters, in place of --adapter; each newer list is served as soon as"
                            + " it is there, without a restart.")
    private @Nullable Path adapterList;

    @Mixin
    private KeysOption keys = new KeysOption();

    @Option(
            names = "--exit-with-parent",
            description = "Stop when standard input ends, so that a server never outlives what started it.")
    private boolean endsWithParent;

    ServerSettings settings() {
        AdapterDoor door = door();
        String name = Optional.ofNullable(modelName).orElseGet(() -> stem(model));
        ServedBase base = new ServedBase(model, name, Optional.ofNullable(modelDigest));
        return ServerSettings.of(
                name,
                new EngineSettings(
                        base,
                        adapterSources(door),
                        new Arithmetic(device.choice, compute.type, deterministic),
                        optional(slots),
                        queue,
                        optional(context)),
                new HttpSettings(
                        listening.host(),
                        listening.port(),
                        listening.deadline(),
                        listening.linger(),
                        listening.drain(),
                        keys.place(),
                        door),
                endsWithParent);
    }

    private static OptionalInt optional(@Nullable Integer number) {
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }

    private AdapterDoor door() {
        if (adapterList == null) {
            return adapterFolder == null ? new AdapterDoor.Closed() : new AdapterDoor.Callers(adapterFolder);
        }
        if (adapterFolder != null || !adapters.isEmpty()) {
            throw new IllegalArgumentException("--adapter-list goes with neither --adapter nor --adapter-folder.");
        }
        return new AdapterDoor.Followed(adapterList, AdapterFollower.read(adapterList));
    }

    private Map<String, AdapterSource> adapterSources(AdapterDoor door) {
        if (door instanceof AdapterDoor.Followed(Path _, AdapterList first)) {
            Map<String, AdapterSource> sources = new LinkedHashMap<>();
            first.adapters()
                    .forEach(adapter ->
                            sources.put(adapter.name(), new AdapterSource(adapter.folder(), adapter.strength())));
            return sources;
        }
        return givenAdapters();
    }

    private Map<String, AdapterSource> givenAdapters() {
        if (!adapters.keySet().containsAll(strengths.keySet())) {
            throw new IllegalArgumentException("--adapter-strength names " + strengths.keySet()
                    + ", and the adapters are " + adapters.keySet() + ".");
        }
        Map<String, AdapterSource> sources = new LinkedHashMap<>();
        adapters.forEach(
                (name, folder) -> sources.put(name, new AdapterSource(folder, strengths.getOrDefault(name, 1.0))));
        return sources;
    }

    private static String stem(Path model) {
        String name = String.valueOf(model.toAbsolutePath().normalize().getFileName());
        return name.replaceFirst("\\.gguf$", "");
    }
}
