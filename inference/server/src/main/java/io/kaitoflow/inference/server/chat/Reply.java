package io.kaitoflow.inference.server.chat;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One reply as an ordered stream of non-empty pieces of text, read by one thread. It must be read to its end or
 * closed; until then it holds a slot of the model. {@link #cancel} may be called by any thread.
 */
public final class Reply implements Iterator<String>, AutoCloseable {

    /** The facts a reply begins with. */
    record Origin(String model, int promptTokens, Duration deadline) {}

    private static final Logger LOG = LoggerFactory.getLogger(Reply.class);

    /** Until there is another server, or this one is back. */
    private static final Duration CUT_OFF_RETRY = Duration.ofSeconds(10);

    private final Origin origin;
    private final TokenRun run;
    private final StopScan stops;
    private final ReplyListener listener;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile boolean expired;
    private Optional<String> ahead = Optional.empty();
    private FinishReason finishReason = FinishReason.CANCELLED;
    private boolean started;
    private boolean done;

    Reply(Origin origin, TokenRun run, StopScan stops, ReplyListener listener) {
        this.origin = origin;
        this.run = run;
        this.stops = stops;
        this.listener = listener;
    }

    /** The served name of the model that answers. */
    public String model() {
        return origin.model();
    }

    /**
     * Whether more text comes; waits for it.
     *
     * @throws ChatFailure when the deadline passes, the engine fails, or the reply is cancelled
     */
    @Override
    public boolean hasNext() {
        while (ahead.isEmpty() && !done) {
            ahead = Optional.of(step()).filter(text -> !text.isEmpty());
        }
        return ahead.isPresent();
    }

    @Override
    public String next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the reply has ended");
        }
        String text = ahead.orElseThrow();
        ahead = Optional.empty();
        return text;
    }

    /** Why it ended; known once {@link #hasNext} was false. */
    public FinishReason finishReason() {
        return finishReason;
    }

    /** The odds of the tokens behind the text that was read since the last call; empty where nobody asked for them. */
    public List<TokenOdds> takeOdds() {
        return run.takeOdds();
    }

    /** Tokens so far. */
    public Usage usage() {
        return new Usage(origin.promptTokens(), run.tokens(), run.cachedTokens());
    }

    /** Ends the reply and frees its slot; one that has ended is left alone. */
    public void cancel() {
        run.cancel();
        end("cancelled");
    }

    @Override
    public void close() {
        cancel();
    }

    void expire() {
        expired = true;
        run.cancel();
        end("expired");
    }

    /** The text that the next token completes; empty also at the end. */
    private String step() {
        try {
            return run.hasNext() ? afterToken(run.next()) : lastText();
        } catch (ChatFailure failure) {
            if (end("failed")) {
                // Here and not where it is told: a stream has no other place, since its status is long sent.
                LOG.error("A reply failed.", failure);
            }
            throw failure;
        }
    }

    private String afterToken(String piece) {
        if (!started) {
            started = true;
            listener.firstToken();
        }
        String text = stops.accept(piece);
        if (stops.found()) {
            run.cancel();
            finish(FinishReason.STOP);
        }
        return text;
    }

    private String lastText() {
        if (expired) {
            end("expired");
            throw new ChatFailure.DeadlineExceeded(origin.deadline(), run.tokens());
        }
        FinishReason reason = run.finishReason();
        if (reason == FinishReason.CANCELLED) {
            // Whoever cancelled it himself reads no more; to anybody else half a text must not look like a whole one.
            end("cancelled");
            throw new ChatFailure.Busy(
                    "The server shut down before the reply was whole (" + run.tokens()
                            + " tokens made); send the request again.",
                    CUT_OFF_RETRY);
        }
        finish(reason);
        return stops.rest();
    }

    private void finish(FinishReason reason) {
        finishReason = reason;
        done = true;
        end(reason.name().toLowerCase(Locale.ROOT));
    }

    /** Whether it had not ended before. */
    private boolean end(String outcome) {
        boolean first = ended.compareAndSet(false, true);
        if (first) {
            listener.ended(this, outcome);
        }
        return first;
    }
}
