package io.kaitoflow.gateway;

import static com.google.common.util.concurrent.MoreExecutors.directExecutor;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.UncheckedIOException;
import java.util.function.Function;

/**
 * Gives the answer of a call to whoever asked. The call is made in the context of the question, so that it ends with it: a poll whose
 * tuner is gone takes no task.
 */
record Passing<B>(StreamObserver<B> asker) implements FutureCallback<B> {

    static <A, B> ServerCallHandler<A, B> of(Function<A, ListenableFuture<B>> call) {
        return ServerCalls.asyncUnaryCall((question, asker) -> {
            if (asker instanceof ServerCallStreamObserver<B> remote) {
                // Without one, an answer to somebody who is gone would be an error.
                remote.setOnCancelHandler(() -> {});
            }
            try {
                Futures.addCallback(call.apply(question), new Passing<>(asker), directExecutor());
            } catch (StatusRuntimeException refused) {
                asker.onError(refused);
            } catch (UncheckedIOException noKey) {
                asker.onError(
                        Status.UNAVAILABLE.withDescription(noKey.getMessage()).asRuntimeException());
            }
        });
    }

    @Override
    public void onSuccess(B answer) {
        asker.onNext(answer);
        asker.onCompleted();
    }

    /** In Temporal's words, without what else travelled with them. */
    @Override
    public void onFailure(Throwable failure) {
        asker.onError(Status.fromThrowable(failure).asRuntimeException());
    }
}
