package io.kaitoflow.activities.dataset.rows;

/** Says, inside this package, what is wrong with a row that was parsed. */
final class UnusableRowException extends Exception {
    UnusableRowException(String problem) {
        super(problem);
    }
}
