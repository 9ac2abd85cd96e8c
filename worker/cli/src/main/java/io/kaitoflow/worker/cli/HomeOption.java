package io.kaitoflow.worker.cli;

import io.kaitoflow.worker.cli.terminal.CommandFailure;
import io.kaitoflow.worker.cli.terminal.ExitCode;
import io.kaitoflow.worker.cli.terminal.LogFile;
import io.kaitoflow.worker.tuner.LocalHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The one option that every command shares. */
final class HomeOption {

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
        LogFile.in(home.logs());
        System.setProperty(NATIVES, home.natives().toString());
        return home;
    }
}
