package io.kaitoflow.activities.image;

import java.util.Optional;

/**
 * Where an image goes.
 *
 * @param store the caller closes it
 * @param note why it is another place than the reference names; a sentence for users
 */
public record ImageTarget(ImageStore store, Optional<String> note) {}
