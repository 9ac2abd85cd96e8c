package io.kaitoflow.worker.cli.terminal;

import java.io.Console;

/** Whether a person is looking. */
public final class Terminal {

    private Terminal() {}

    /** Whether a person looks at the output as it comes. */
    public static boolean isInteractive() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }
}
