package io.kaitoflow.workflows.report;

import io.kaitoflow.presets.Digest;
import java.util.Optional;

/**
 * Where the report of a training lies.
 *
 * @param digest of its manifest beside the image; empty in a volume, and where there is none
 * @param there whether there is one
 * @param words where it lies, or why there is none; a sentence
 */
public record AttachedReport(Optional<Digest> digest, boolean there, String words) {

    /** A report that could not be had. */
    public static AttachedReport missing(String why) {
        return new AttachedReport(Optional.empty(), false, "There is no training report: " + why);
    }
}
