package io.kaitoflow.inference.server.chat;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns an order into a reply under way: names, lengths, the deadline and the counting; the text comes from the model. */
public final class ChatService implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ChatService.class);

    private final Readiness readiness;
    private final ServedNames names;
    private final Duration deadline;
    private final RunningReplies running;
    private final ServingMetrics metrics;
    private final ScheduledExecutorService clock = deadlines();

    /** Each reply may take {@code deadline} from its order to its last token. */
    public ChatService(
            Readiness readiness, ServedNames names, Duration deadline, RunningReplies running, ServingMetrics metrics) {
        this.readiness = readiness;
        this.names = names;
        this.deadline = deadline;
        this.running = running;
        this.metrics = metrics;
    }

    /**
     * Starts a reply; the caller reads it to its end or closes it.
     *
     * @throws ChatFailure when the order cannot be met
     */
    public Reply reply(ReplyOrder order) {
        try {
            return start(order);
        } catch (ChatFailure failure) {
            metrics.refused(failure.getClass().getSimpleName());
            if (failure instanceof ChatFailure.GenerationFailed) {
                LOG.error("A reply could not be started.", failure);
            }
            throw failure;
        }
    }

    /** Whoever named no model, or one that has another adapter by now, means what is served now. */
    private Reply start(ReplyOrder order) {
        try {
            return begin(order);
        } catch (ChatFailure.AdapterGone gone) {
            return begin(order);
        }
    }

    private Reply begin(ReplyOrder order) {
        String name = names.resolve(order.model());
        ChatModel model = readiness.model();
        Prompt prompt = fittingPrompt(order.question(), model);
        TokenBudget budget = order.length().budget(prompt.length(), model.contextLength());
        ReplyWatch watch = new ReplyWatch(running, metrics, name);
        TokenRun run = model.start(
                prompt, new Draw(budget, order.sampling(), names.adapter(name), order.odds(), order.shape()));
        Reply reply =
                new Reply(new Reply.Origin(name, prompt.length(), deadline), run, new StopScan(order.stop()), watch);
        watch.begin(reply, deadline, clock);
        return reply;
    }

    /** Forgets what was called off: a reply that has ended must not stay in memory until its deadline. */
    static ScheduledThreadPoolExecutor deadlines() {
        ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("reply-deadlines").factory());
        clock.setRemoveOnCancelPolicy(true);
        return clock;
    }

    /** The tokens of a text. */
    public int[] tokens(String text) {
        return readiness.model().tokens(text);
    }

    private static Prompt fittingPrompt(Question question, ChatModel model) {
        Prompt prompt = question.prompt(model);
        if (prompt.length() == 0) {
            throw new ChatFailure.BadRequest(
                    question.parameter(), question.parameter() + " is empty: there is nothing to continue.");
        }
        if (prompt.length() >= model.contextLength()) {
            throw new ChatFailure.BadRequest(
                    question.parameter(),
                    question.parameter() + " has " + prompt.length() + " tokens and the context of this model holds "
                            + model.contextLength() + " for prompt and reply together; shorten it.");
        }
        return prompt;
    }

    /** Ends the watch over deadlines; running replies then have none. */
    @Override
    public void close() {
        clock.shutdownNow();
    }
}
