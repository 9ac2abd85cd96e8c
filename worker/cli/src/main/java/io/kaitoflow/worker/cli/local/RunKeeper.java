package io.kaitoflow.worker.cli.local;

/** Who keeps a workspace's run. */
public enum RunKeeper {
    /** The command, with which it ends. */
    COMMAND,
    /** The database in the home folder, from which a server can be started again. */
    HOME,
    /** A server that the user named. */
    GIVEN
}
