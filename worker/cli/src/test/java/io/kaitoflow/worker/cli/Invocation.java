package io.kaitoflow.worker.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import picocli.CommandLine;

/**
 * The command as a user runs it, without the process around it.
 *
 * @param exit status
 * @param out standard output
 * @param err standard error
 */
public record Invocation(int exit, String out, String err) {

    public static Invocation of(Object... arguments) {
        return with(Map.of(), arguments);
    }

    /** @param environment of the proxy and the authorities */
    static Invocation with(Map<String, String> environment, Object... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream usual = System.out;
        PrintStream captured = new PrintStream(out, true, StandardCharsets.UTF_8);
        System.setOut(captured);
        try {
            CommandLine line = KaitoflowCommand.commandLine(environment);
            line.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
            line.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
            int exit =
                    line.execute(Arrays.stream(arguments).map(String::valueOf).toArray(String[]::new));
            return new Invocation(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(usual);
        }
    }
}
