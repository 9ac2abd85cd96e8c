package io.kaitoflow.worker.cli;

import io.kaitoflow.worker.tuner.LocalHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The one option that every command shares. */
final class HomeOption {

    /** Read by logback.xml, which is loaded with the first logger, so after the option was parsed. */
    private static final String LOG_FOLDER = "kaitoflow.logs";

    /** Where DJL unpacks the tokenizer's native library; read when the first tokenizer is made. */
    private static final String NATIVES = "DJL_CACHE_DIR";

    @Option(
            names = "--home",
            paramLabel = "DIR",
            description = "Folder for models, data, images and state (default: $$KAITOFLOW_HOME, else ~/.kaitoflow).",
            defaultValue = "${env:KAITOFLOW_HOME:-${sys:user.home}/.kaitoflow}")
    private Path folder = Path.of("");

    /** The folder, made and proved to be writable. */
    LocalHome prepared() {
        LocalHome home = new LocalHome(folder);
        try {
            Files.createDirectories(home.root());
            Files.delete(Files.createTempFile(home.root(), "writable", ""));
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCode.FAILED,
                    "The home folder " + home.root() + " cannot be written (" + e + "); choose another with --home.");
        }
        System.setProperty(LOG_FOLDER, home.logs().toString());
        System.setProperty(NATIVES, home.natives().toString());
        return home;
    }

    /** Where this command's log goes. */
    static Path logFile() {
        String folder = System.getProperty(LOG_FOLDER, System.getProperty("java.io.tmpdir"));
        return Path.of(folder, "kaitoflow.log");
    }
}
