package io.kaitoflow.worker.cli.terminal;

import java.nio.file.Path;

/** Where this command's log goes; logback.xml reads the folder when the first logger is made. */
public final class LogFile {

    private static final String FOLDER = "kaitoflow.logs";

    private LogFile() {}

    /** Puts the log there; has an effect only before anything was logged. */
    public static void in(Path folder) {
        System.setProperty(FOLDER, folder.toString());
    }

    /** The file. */
    public static Path path() {
        return Path.of(System.getProperty(FOLDER, System.getProperty("java.io.tmpdir")), "kaitoflow.log");
    }
}
