package io.kaitoflow.worker.cli.terminal;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.kaitoflow.worker.cli.local.StatusFile;
import java.io.PrintStream;
import picocli.CommandLine.Option;

/** {@code -o json} for scripts, text for people. */
public final class OutputFormat {

    enum Form {
        text,
        json
    }

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORM",
            description = "text or json (default: ${DEFAULT-VALUE}).",
            defaultValue = "text")
    private Form form = Form.text;

    /** Whether JSON was asked for. */
    public boolean json() {
        return form == Form.json;
    }

    /** Prints the value as indented JSON. */
    public static void print(PrintStream out, Object value) {
        try {
            out.println(StatusFile.JSON.writeValueAsString(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A result of ours must be printable as JSON", e);
        }
    }
}
