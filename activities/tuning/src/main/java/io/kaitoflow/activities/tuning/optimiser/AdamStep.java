package io.kaitoflow.activities.tuning.optimiser;

import io.kaitoflow.workflows.request.OptimiserRecipe.Adam;

/**
 * The numbers of one update, in float32 as they are multiplied.
 *
 * @param keepFirst share of the first moment that stays
 * @param takeFirst share of the gradient that joins it
 * @param keepSecond share of the second moment that stays
 * @param takeSecond share of the squared gradient that joins it
 * @param rate learning rate by the first moment's bias
 * @param root of the second moment's bias
 * @param epsilon added to the bias-corrected root
 * @param remain what weight decay leaves of a parameter
 */
record AdamStep(
        float keepFirst,
        float takeFirst,
        float keepSecond,
        float takeSecond,
        float rate,
        float root,
        float epsilon,
        float remain) {

    /** @param update counted from 1 */
    static AdamStep of(Adam constants, long update, double learningRate) {
        return new AdamStep(
                (float) constants.beta1(),
                (float) (1 - constants.beta1()),
                (float) constants.beta2(),
                (float) (1 - constants.beta2()),
                (float) (learningRate / (1 - Math.pow(constants.beta1(), update))),
                (float) Math.sqrt(1 - Math.pow(constants.beta2(), update)),
                (float) constants.epsilon(),
                (float) (1 - learningRate * constants.weightDecay()));
    }
}
