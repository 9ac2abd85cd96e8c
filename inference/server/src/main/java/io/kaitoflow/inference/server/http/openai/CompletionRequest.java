package io.kaitoflow.inference.server.http.openai;

import io.kaitoflow.inference.server.chat.ReplyOrder;

/**
 * A request in OpenAI's form.
 *
 * @param stream whether the reply is sent piece by piece
 * @param countTokens whether a stream ends with a chunk that holds the usage
 */
record CompletionRequest(ReplyOrder order, boolean stream, boolean countTokens) {}
