package io.kaitoflow.activities.dataset.source;

import io.kaitoflow.activities.dataset.rows.DataFile;
import java.util.List;

/**
 * A data set that is on this machine.
 *
 * @param files in their order
 * @param notes sentences that a user should read before the rows are trained on
 */
public record FetchedData(List<DataFile> files, List<String> notes) {

    public FetchedData {
        files = List.copyOf(files);
        notes = List.copyOf(notes);
    }
}
