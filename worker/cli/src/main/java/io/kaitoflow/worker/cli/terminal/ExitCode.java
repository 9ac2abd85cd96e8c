package io.kaitoflow.worker.cli.terminal;

/** What the command's exit status means; scripts may rely on it. */
public final class ExitCode {

    public static final int OK = 0;
    /** The manifest, its data or its machine was refused; every finding was printed. */
    public static final int REFUSED = 1;
    /** The command line itself was wrong. */
    public static final int USAGE = 2;
    /** The run failed after it had started. */
    public static final int FAILED = 3;
    /** Ctrl-C; everything was given back. The JVM itself answers it, and SIGTERM with 143. */
    public static final int INTERRUPTED = 130;

    private ExitCode() {}
}
