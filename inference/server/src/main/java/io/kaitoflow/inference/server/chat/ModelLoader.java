package io.kaitoflow.inference.server.chat;

/** Brings a model into memory; called once, off the threads that answer requests. */
@FunctionalInterface
public interface ModelLoader {

    /** A model whose owner is the caller. */
    ChatModel load();
}
