package io.kaitoflow.activities.dataset.rows;

import io.kaitoflow.activities.dataset.DatasetException;
import io.kaitoflow.workflows.request.DataRecipe;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A place in a data set.
 *
 * <p>{@link #next} and {@link #hasNext} throw {@link DatasetException.Invalid} where a file cannot be read on, has no
 * usable column, holds no row, or differs in shape from the files before it.
 */
public final class RowCursor implements Iterator<ReadRow>, Closeable {

    private final Queue<DataFile> waiting;
    private final DataRecipe.Columns columns;
    private @Nullable DataFile file;
    private @Nullable RecordReader reader;
    private @Nullable RowShape shape;
    private @Nullable String shapedBy;
    private boolean shapeChecked;

    RowCursor(List<DataFile> files, DataRecipe.Columns columns) {
        this.waiting = new ArrayDeque<>(files);
        this.columns = columns;
    }

    @Override
    public boolean hasNext() {
        while (reader == null || !reader.hasNext()) {
            if (!openNext()) {
                return false;
            }
        }
        return true;
    }

    private boolean openNext() {
        close();
        DataFile opened = waiting.poll();
        if (opened == null) {
            return false;
        }
        file = opened;
        reader = RecordReader.open(opened);
        shapeChecked = false;
        if (!reader.hasNext()) {
            throw new DatasetException.Invalid(opened.name() + " holds no rows; fill it, or leave it out.");
        }
        return true;
    }

    @Override
    public ReadRow next() {
        if (!hasNext() || reader == null || file == null) {
            throw new NoSuchElementException();
        }
        String name = file.name();
        RawRecord row = reader.next();
        RowOrigin origin = new RowOrigin(name, row.number());
        return switch (row) {
            case RawRecord.Broken broken -> new ReadRow.Unusable(origin, broken.problem());
            case RawRecord.Columns parsed -> read(origin, parsed);
        };
    }

    private ReadRow read(RowOrigin origin, RawRecord.Columns parsed) {
        try {
            return new ReadRow.Usable(origin, shapeFor(origin, parsed).read(parsed.values()));
        } catch (UnusableRowException e) {
            return new ReadRow.Unusable(origin, String.valueOf(e.getMessage()));
        }
    }

    /** The first parsed row of each file decides its shape. */
    private RowShape shapeFor(RowOrigin origin, RawRecord.Columns parsed) {
        RowShape known = shape;
        if (known != null && shapeChecked) {
            return known;
        }
        Set<String> present = parsed.values().keySet();
        RowShape found = RowShape.find(present, columns).orElseThrow(() -> noUsableColumn(origin, present));
        if (known != null && !known.equals(found)) {
            throw new DatasetException.Invalid("The files have different shapes: " + shapedBy + " has "
                    + listed(known.columns()) + ", " + origin.file() + " has " + listed(found.columns())
                    + "; give all files the same columns.");
        }
        shape = found;
        shapedBy = Optional.ofNullable(shapedBy).orElse(origin.file());
        shapeChecked = true;
        return found;
    }

    private DatasetException.Invalid noUsableColumn(RowOrigin origin, Set<String> present) {
        String wanted = columns.equals(DataRecipe.Columns.usual())
                ? "accepted are " + RowShape.ACCEPTED
                        + "; or name yours as messages_column, or context_column and response_column"
                : "DatasetConfig names " + listed(named());
        return new DatasetException.Invalid(
                origin + ": no usable column among " + listed(present) + "; " + wanted + ".");
    }

    private Set<String> named() {
        Set<String> named = new TreeSet<>();
        columns.messages().ifPresent(named::add);
        columns.context().ifPresent(named::add);
        columns.response().ifPresent(named::add);
        return named;
    }

    private static String listed(Set<String> columns) {
        return columns.isEmpty() ? "no columns" : String.join(", ", new TreeSet<>(columns));
    }

    @Override
    public void close() {
        try {
            if (reader != null) {
                reader.close();
            }
            reader = null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
