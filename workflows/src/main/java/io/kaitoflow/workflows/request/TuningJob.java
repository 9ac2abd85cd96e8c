package io.kaitoflow.workflows.request;

/**
 * Everything that decides the bytes of an adapter, and where they go.
 *
 * @param model base model
 * @param method over which form of the weights
 * @param input training rows
 * @param output where the adapter goes
 * @param recipe hyper-parameters and data settings
 */
public record TuningJob(
        ModelReference model, TuningMethod method, DatasetSource input, OutputTarget output, TrainingRecipe recipe) {}
