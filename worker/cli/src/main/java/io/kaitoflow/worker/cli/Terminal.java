package io.kaitoflow.worker.cli;

import java.io.Console;

/** Whether a person is looking. */
final class Terminal {

    private Terminal() {}

    static boolean isInteractive() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }
}
