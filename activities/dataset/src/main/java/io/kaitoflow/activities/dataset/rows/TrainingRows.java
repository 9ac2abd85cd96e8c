package io.kaitoflow.activities.dataset.rows;

import io.kaitoflow.workflows.request.DataRecipe;
import java.util.List;

/** The rows of several files of the same shape, in the order of the files; read anew by every cursor. */
public final class TrainingRows {

    private final List<DataFile> files;
    private final DataRecipe.Columns columns;

    /**
     * @param files all of the same shape
     * @param columns names that replace the usual ones
     */
    public TrainingRows(List<DataFile> files, DataRecipe.Columns columns) {
        this.files = List.copyOf(files);
        this.columns = columns;
    }

    /** The files that are read. */
    public List<DataFile> files() {
        return files;
    }

    /** The names that replace the usual ones. */
    public DataRecipe.Columns columns() {
        return columns;
    }

    /** Starts at the first row; the caller closes it. */
    public RowCursor open() {
        return new RowCursor(files, columns);
    }
}
