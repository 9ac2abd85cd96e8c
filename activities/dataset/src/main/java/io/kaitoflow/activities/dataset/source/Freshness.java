package io.kaitoflow.activities.dataset.source;

/** What is done with data that was brought here before. */
enum Freshness {
    /** It is taken as it is: a training that goes on after a crash needs the rows it began with. */
    KEPT,
    /** Its source is asked whether it has other data by now. */
    NEWEST
}
