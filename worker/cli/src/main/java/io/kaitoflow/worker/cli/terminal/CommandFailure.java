package io.kaitoflow.worker.cli.terminal;

/** Ends the command with one sentence on standard error: what happened and what to do. */
public final class CommandFailure extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int exitCode;

    /** @param sentence what happened and what to do */
    public CommandFailure(int exitCode, String sentence) {
        super(sentence);
        this.exitCode = exitCode;
    }

    /** One of {@link ExitCode}. */
    public int exitCode() {
        return exitCode;
    }
}
