package io.kaitoflow.workflows.status;

import java.util.Optional;

/**
 * How an edit is fulfilled where {@code kaito.sh/rollout: surge} wants no outage.
 *
 * @param underWay whether a second machine is worked with, while what was served before answers on the first
 * @param remark why it is not fulfilled like that, or not at all; one or more sentences
 */
public record Surging(boolean underWay, Optional<String> remark) {}
