package io.kaitoflow.inference.server.http;

import io.kaitoflow.inference.server.chat.ReplyOrder;

/**
 * A {@code POST /chat}.
 *
 * @param fullText whether the question stands before the reply
 * @param tidySpaces whether spaces before punctuation are taken out
 */
record ChatRequest(ReplyOrder order, boolean fullText, boolean tidySpaces) {

    /** What {@code reply} looks like to this caller. */
    String shown(String reply) {
        String text = tidySpaces ? TokenSpaces.tidy(reply) : reply;
        return fullText ? order.question().plainText() + text : text;
    }
}
