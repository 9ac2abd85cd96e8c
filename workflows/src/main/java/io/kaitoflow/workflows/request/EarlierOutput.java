package io.kaitoflow.workflows.request;

import io.kaitoflow.workflows.tuning.Evaluation;
import io.kaitoflow.workflows.tuning.PushedImage;
import java.util.Optional;

/**
 * What a run made that may be forgotten by now, as the object's status tells it.
 *
 * @param image that was pushed
 * @param madeFrom key of its making; only a wish that gives the same key takes it over
 * @param evaluation of it
 */
public record EarlierOutput(PushedImage image, String madeFrom, Optional<Evaluation> evaluation) {}
