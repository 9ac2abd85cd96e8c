package io.kaitoflow.activities.image.checkpoint;

import io.kaitoflow.presets.ImageReference;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tag of a checkpoint, {@code <tag>-checkpoint-<step>}.
 *
 * @param image the one that the training is to become
 * @param step finished optimiser steps
 */
record CheckpointTag(ImageReference image, long step) {

    private static final String INFIX = "-checkpoint-";

    /** A tag has 128 characters at most, and nobody's own is cut as long as it has room for ours. */
    private static final int ROOM = 128 - INFIX.length() - 12;

    ImageReference reference() {
        return image.withTag(prefix(image) + step);
    }

    /** What a tag says if it is one of this image's checkpoints. */
    static Optional<CheckpointTag> of(ImageReference image, String tag) {
        Matcher matcher =
                Pattern.compile(Pattern.quote(prefix(image)) + "(\\d{1,12})").matcher(tag);
        return matcher.matches()
                ? Optional.of(new CheckpointTag(image, Long.parseLong(matcher.group(1))))
                : Optional.empty();
    }

    private static String prefix(ImageReference image) {
        return image.tag().substring(0, Math.min(image.tag().length(), ROOM)) + INFIX;
    }
}
