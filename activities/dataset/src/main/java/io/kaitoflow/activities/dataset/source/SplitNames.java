package io.kaitoflow.activities.dataset.source;

import io.kaitoflow.activities.dataset.rows.DataFile;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Finds, among the files of a folder, those whose names say that their rows are for a test and not for training. */
record SplitNames(List<DataFile> files) {

    private static final Pattern TEST =
            Pattern.compile("(?<![a-z])(test|valid|validation|val|dev|eval)(?![a-z])", Pattern.CASE_INSENSITIVE);
    private static final int NAMES_SHOWN = 3;

    /** A sentence where such files are trained on beside others. */
    Optional<String> note() {
        List<String> apart = files.stream()
                .map(DataFile::name)
                .filter(name -> TEST.matcher(name).find())
                .toList();
        if (apart.isEmpty() || apart.size() == files.size()) {
            return Optional.empty();
        }
        String shown = apart.stream().limit(NAMES_SHOWN).collect(Collectors.joining(", "));
        String more = apart.size() > NAMES_SHOWN ? " and " + (apart.size() - NAMES_SHOWN) + " more" : "";
        return Optional.of("All " + files.size() + " data files are trained on, also " + shown + more
                + "; if those rows are to be kept apart, name the file or folder of the others as dataset_path.");
    }
}
