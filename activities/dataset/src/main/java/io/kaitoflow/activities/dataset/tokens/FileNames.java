package io.kaitoflow.activities.dataset.tokens;

import io.kaitoflow.activities.dataset.rows.DataFile;
import java.util.List;
import java.util.stream.Stream;

/** The names of a data set's files, in a length that a message of a pod has room for. */
record FileNames(List<DataFile> files) {

    private static final int SHOWN = 5;
    private static final int LONGEST = 60;

    List<String> shown() {
        Stream<String> names = files.stream().limit(SHOWN).map(file -> ending(file.name()));
        Stream<String> more = files.size() > SHOWN ? Stream.of((files.size() - SHOWN) + " more") : Stream.empty();
        return Stream.concat(names, more).toList();
    }

    /** Names of a folder differ at their ends. */
    private static String ending(String name) {
        return name.length() <= LONGEST ? name : "…" + name.substring(name.length() - LONGEST + 1);
    }
}
