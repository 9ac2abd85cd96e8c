package io.kaitoflow.temporal;

import io.temporal.activity.ActivityExecutionContext;
import io.temporal.activity.ActivityInfo;
import io.temporal.client.ActivityCompletionException;
import io.temporal.common.interceptors.ActivityExecutionContextBase;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptor;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptorBase;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One activity with a heart of its own. */
final class KeptAliveActivity extends ActivityInboundCallsInterceptorBase {

    /** Beats that may be lost before the server thinks the worst. */
    private static final int BEATS_PER_TIMEOUT = 5;

    private final boolean interrupts;
    private @Nullable Heart heart;

    KeptAliveActivity(ActivityInboundCallsInterceptor next, boolean interrupts) {
        super(next);
        this.interrupts = interrupts;
    }

    @Override
    public void init(ActivityExecutionContext context) {
        Heart mine = new Heart(context);
        heart = mine;
        super.init(mine);
    }

    @Override
    public ActivityOutput execute(ActivityInput input) {
        Heart mine = heart;
        return mine == null || !mine.wanted() ? super.execute(input) : beating(mine, input);
    }

    private ActivityOutput beating(Heart mine, ActivityInput input) {
        Thread body = Thread.currentThread();
        Thread beat = Thread.ofVirtual().name("heartbeat").start(() -> mine.beat(interrupts ? body : null));
        try {
            return super.execute(input);
        } catch (ApplicationFailure failure) {
            throw mine.cancellation().<RuntimeException>map(told -> told).orElseGet(() -> mine.withEvidence(failure));
        } finally {
            beat.interrupt();
            if (mine.cancellation().isPresent()) {
                // The interrupt was ours; the pooled thread must not carry it on.
                Thread.interrupted();
            }
        }
    }

    /** The activity's context, remembering what was reported last. */
    private static final class Heart extends ActivityExecutionContextBase {

        private volatile @Nullable Object last;
        private volatile @Nullable ActivityCompletionException cancellation;

        Heart(ActivityExecutionContext context) {
            super(context);
        }

        boolean wanted() {
            ActivityInfo info = getInfo();
            return !info.isLocal() && !info.getHeartbeatTimeout().isZero();
        }

        @Override
        public <V> void heartbeat(V details) {
            last = details;
            super.heartbeat(details);
        }

        Optional<ActivityCompletionException> cancellation() {
            return Optional.ofNullable(cancellation);
        }

        /** A failure that says nothing of its own carries the last report. */
        ApplicationFailure withEvidence(ApplicationFailure failure) {
            Object report = last;
            if (report == null || failure.getDetails().getSize() > 0) {
                return failure;
            }
            return ApplicationFailure.newBuilder(failure).setDetails(report).build();
        }

        void beat(@Nullable Thread toInterrupt) {
            Duration pause = getInfo().getHeartbeatTimeout().dividedBy(BEATS_PER_TIMEOUT);
            try {
                while (true) {
                    Thread.sleep(pause);
                    super.heartbeat(last);
                }
            } catch (InterruptedException finished) {
                Thread.currentThread().interrupt();
            } catch (ActivityCompletionException told) {
                if (toInterrupt != null) {
                    cancellation = told;
                    toInterrupt.interrupt();
                }
            }
        }
    }
}
