package io.kaitoflow.testcluster.faults;

/** One thing that networks and API servers do to their clients. */
public enum Fault {
    /** A watch ends in the middle, without a word. */
    WATCH_CUT,
    /** A watch is told that its version is too old. */
    WATCH_GONE,
    /** A list that any version satisfies is answered with an old one. */
    STALE_LIST,
    /** An event of a watch comes twice. */
    EVENT_DOUBLED,
    /** An event of a watch comes after its successor, as no API server does, but clients should bear it. */
    EVENT_LATE,
    /** A status write is refused with 409, as somebody else was faster. */
    STATUS_CONFLICT,
    /** A request takes its time. */
    SLOW,
    /** A request is applied, and the connection breaks before its answer. */
    ANSWER_LOST,
    /** Workspaces have fields that another release wrote. */
    STRANGE_FIELDS
}
