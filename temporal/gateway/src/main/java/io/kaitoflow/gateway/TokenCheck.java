package io.kaitoflow.gateway;

import com.google.common.cache.CacheBuilder;
import com.google.common.cache.CacheLoader;
import com.google.common.cache.LoadingCache;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Lets in who shows a token, and no more often than a tuner has to ask. */
final class TokenCheck implements ServerInterceptor {

    /** Whose tuner asks. */
    static final Context.Key<String> UID = Context.key("uid");

    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final String BEARER = "Bearer ";
    private static final Duration REMEMBERED = Duration.ofHours(1);

    private final TunerTokens tokens;
    private final LoadingCache<String, Allowance> allowances = CacheBuilder.newBuilder()
            .expireAfterAccess(REMEMBERED)
            .build(CacheLoader.from(uid -> new Allowance(System::nanoTime)));

    TokenCheck(TunerTokens tokens) {
        this.tokens = tokens;
    }

    @Override
    public <A, B> ServerCall.Listener<A> interceptCall(
            ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
        Optional<String> uid = Optional.ofNullable(headers.get(AUTHORIZATION))
                .filter(text -> text.startsWith(BEARER))
                .flatMap(text -> tokens.holder(text.substring(BEARER.length())));
        if (uid.isEmpty()) {
            return refuse(
                    call, Status.UNAUTHENTICATED, "There is no token, it was not made here, or its time is over.");
        }
        Allowance allowance = allowances.getUnchecked(uid.get());
        if (!allowance.begin()) {
            return refuse(call, Status.RESOURCE_EXHAUSTED, "A tuner that asks as often has to wait.");
        }
        return new Counted<>(
                Contexts.interceptCall(Context.current().withValue(UID, uid.get()), call, headers, next), allowance);
    }

    private static <A> ServerCall.Listener<A> refuse(ServerCall<A, ?> call, Status status, String reason) {
        call.close(status.withDescription(reason), new Metadata());
        return new ServerCall.Listener<>() {};
    }

    /** Gives the place back when the call is over, however it ends. */
    private static final class Counted<A> extends SimpleForwardingServerCallListener<A> {

        private final Allowance allowance;
        private final AtomicBoolean over = new AtomicBoolean();

        Counted(ServerCall.Listener<A> call, Allowance allowance) {
            super(call);
            this.allowance = allowance;
        }

        @Override
        public void onComplete() {
            end();
            super.onComplete();
        }

        @Override
        public void onCancel() {
            end();
            super.onCancel();
        }

        private void end() {
            if (over.compareAndSet(false, true)) {
                allowance.end();
            }
        }
    }
}
