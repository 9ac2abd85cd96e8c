package io.kaitoflow.activities.dataset.rows;

/** One message of a chat. */
public record Turn(Role role, String content) {}
