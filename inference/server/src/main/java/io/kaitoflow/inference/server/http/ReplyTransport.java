package io.kaitoflow.inference.server.http;

import io.kaitoflow.inference.server.chat.Reply;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.sse.Event;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.Iterator;
import java.util.concurrent.Executors;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Reads replies on virtual threads, in order, and cancels those whose callers went away. */
@Singleton
public final class ReplyTransport {

    private final Scheduler threads = Schedulers.fromExecutorService(Executors.newVirtualThreadPerTaskExecutor());

    /** The answer made of the whole text. */
    public <T> Mono<T> whole(HttpRequest<?> request, Reply reply, Function<String, T> answer) {
        Caller caller = Caller.watch(request, reply::cancel);
        return Mono.fromCallable(() -> answer.apply(readAll(reply)))
                .subscribeOn(threads)
                .doFinally(_ -> caller.close());
    }

    /** One event per frame, sent as soon as it is made. */
    public Flux<Event<String>> events(Reply reply, Iterator<String> frames) {
        return Flux.fromIterable(() -> frames)
                .map(Event::of)
                .subscribeOn(threads)
                .doOnCancel(reply::cancel)
                .doOnTerminate(reply::close);
    }

    private static String readAll(Reply reply) {
        try (reply) {
            StringBuilder text = new StringBuilder();
            reply.forEachRemaining(text::append);
            return text.toString();
        }
    }

    @PreDestroy
    public void stop() {
        threads.dispose();
    }
}
