package io.kaitoflow.inference.server.http.openai;

import io.kaitoflow.inference.server.chat.ChatFailure;
import io.kaitoflow.inference.server.chat.Reply;
import io.kaitoflow.inference.server.http.Refusal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** The data of OpenAI's server-sent events for one reply; a failure becomes a frame, since the status is long sent. */
final class CompletionFrames implements Iterator<String> {

    private static final String END = "[DONE]";

    private final CompletionForm form;
    private final Completion.Head head;
    private final Reply reply;
    private final boolean countTokens;
    private final Deque<String> ready = new ArrayDeque<>();
    private int sent;
    private boolean ended;

    CompletionFrames(CompletionForm form, Completion.Head head, Reply reply, boolean countTokens) {
        this.form = form;
        this.head = head;
        this.reply = reply;
        this.countTokens = countTokens;
        form.opening().ifPresent(this::add);
    }

    @Override
    public boolean hasNext() {
        return !ready.isEmpty() || !ended;
    }

    @Override
    public String next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the stream has ended");
        }
        if (ready.isEmpty()) {
            advance();
        }
        return ready.remove();
    }

    private void advance() {
        try {
            if (reply.hasNext()) {
                String text = reply.next();
                add(form.piece(text, reply.takeOdds(), sent));
                sent += text.length();
            } else {
                close();
            }
        } catch (ChatFailure failure) {
            ready.add(CompletionWriter.json(Refusal.of(failure).openAi()));
            end();
        }
    }

    private void close() {
        add(form.closing(reply.finishReason()));
        if (countTokens) {
            ready.add(CompletionWriter.json(
                    new Completion.Counted(head, List.of(), Completion.Counts.of(reply.usage()))));
        }
        end();
    }

    private void end() {
        ready.add(END);
        ended = true;
    }

    private void add(Choice choice) {
        List<Choice> choices = List.of(choice);
        ready.add(CompletionWriter.json(
                countTokens ? new Completion.Counted(head, choices, null) : new Completion.Uncounted(head, choices)));
    }
}
