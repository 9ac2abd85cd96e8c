package io.kaitoflow.worker.cli;

/** What the command's exit status means; scripts may rely on it. */
final class ExitCode {

    static final int OK = 0;
    /** The manifest, its data or its machine was refused; every finding was printed. */
    static final int REFUSED = 1;
    /** The command line itself was wrong. */
    static final int USAGE = 2;
    /** The run failed after it had started. */
    static final int FAILED = 3;
    /** Ctrl-C; everything was given back. The JVM itself answers it, and SIGTERM with 143. */
    static final int INTERRUPTED = 130;

    private ExitCode() {}
}
