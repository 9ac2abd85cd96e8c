package io.kaitoflow.inference.server;

/** What the server's exit status means; whoever starts it may rely on it. */
public final class ServerExit {

    /** It was told to stop, and did. */
    public static final int OK = 0;
    /** The command line was wrong. */
    public static final int USAGE = 2;
    /** The model or an adapter could not be loaded. */
    static final int MODEL = 3;
    /** The address could not be listened on. */
    public static final int ADDRESS = 4;

    private ServerExit() {}
}
