package io.kaitoflow.inference.server.chat;

/**
 * How busy a model is.
 *
 * @param active replies that are computed together
 * @param queued replies that wait for room
 * @param cacheTokens that all replies may have together
 * @param freeCacheTokens of these that a new reply could have
 */
public record ModelLoad(int active, int queued, long cacheTokens, long freeCacheTokens) {

    /** Of a model that is not there. */
    static final ModelLoad NONE = new ModelLoad(0, 0, 0, 0);
}
