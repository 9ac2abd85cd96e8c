package io.kaitoflow.inference.server.chat;

/** Told of a reply's first token, and once of its end. */
interface ReplyListener {

    void firstToken();

    /** {@code outcome} is one word for a metric. */
    void ended(Reply reply, String outcome);
}
