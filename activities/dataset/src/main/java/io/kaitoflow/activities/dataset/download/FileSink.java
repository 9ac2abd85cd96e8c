package io.kaitoflow.activities.dataset.download;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Writes an answer's body to a file as it comes, and ends the transfer when it grows beyond a limit. */
final class FileSink implements BodySubscriber<Long> {

    private final FileChannel channel;
    private final AtomicLong arrived;
    private final long limit;
    private final CompletableFuture<Long> done = new CompletableFuture<>();
    private Flow.@Nullable Subscription subscription;

    /** The body is longer than was allowed. */
    static final class LimitReached extends IOException {}

    /**
     * @param channel closed at the end of the body, however it ends
     * @param arrived counts the bytes, those from before included, for whoever watches
     * @param limit of that count
     */
    FileSink(FileChannel channel, AtomicLong arrived, long limit) {
        this.channel = channel;
        this.arrived = arrived;
        this.limit = limit;
    }

    @Override
    public CompletionStage<Long> getBody() {
        return done;
    }

    @Override
    public void onSubscribe(Flow.Subscription newSubscription) {
        subscription = newSubscription;
        newSubscription.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        try {
            for (ByteBuffer buffer : buffers) {
                write(buffer);
            }
            if (subscription != null) {
                subscription.request(1);
            }
        } catch (IOException e) {
            if (subscription != null) {
                subscription.cancel();
            }
            onError(e);
        }
    }

    private void write(ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            arrived.addAndGet(channel.write(buffer));
        }
        if (arrived.get() > limit) {
            throw new LimitReached();
        }
    }

    @Override
    public void onError(Throwable failure) {
        close();
        done.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        close();
        done.complete(arrived.get());
    }

    private void close() {
        try {
            channel.close();
        } catch (IOException e) {
            done.completeExceptionally(e);
        }
    }
}
