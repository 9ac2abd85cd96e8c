package io.kaitoflow.workflows.request;

/**
 * Names a secret; its content is read only where it is used and never enters history.
 *
 * @param name of the Secret in the workspace's namespace
 */
public record SecretReference(String name) {}
