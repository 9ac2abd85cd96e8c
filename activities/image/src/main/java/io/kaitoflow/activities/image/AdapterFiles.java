package io.kaitoflow.activities.image;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files of an adapter in PEFT's layout, and where they lie in an image. */
public final class AdapterFiles {

    public static final String CONFIG = "adapter_config.json";
    public static final String WEIGHTS = "adapter_model.safetensors";

    /** The folder inside the image. */
    public static final String FOLDER = "data/";

    private static final List<String> REQUIRED = List.of(CONFIG, WEIGHTS);
    private static final List<String> SIDECARS = List.of("README.md", "kaitoflow.json");

    private AdapterFiles() {}

    /**
     * Names of the files of {@code folder} that belong into the image, sorted.
     *
     * @throws ImageException.NotAnAdapter naming the file that is missing
     */
    public static List<String> in(Path folder) {
        for (String name : REQUIRED) {
            if (!Files.isRegularFile(folder.resolve(name))) {
                throw new ImageException.NotAnAdapter(
                        "Looked for an adapter in " + folder + ": there is no " + name + ".");
            }
        }
        Stream<String> sidecars = SIDECARS.stream().filter(name -> Files.isRegularFile(folder.resolve(name)));
        return Stream.concat(REQUIRED.stream(), sidecars).sorted().toList();
    }
}
