package io.kaitoflow.worker.tuner;

import io.temporal.activity.ActivityExecutionContext;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptor;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptorBase;
import io.temporal.common.interceptors.WorkerInterceptorBase;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Gives every activity of a worker a {@link Pulse} for as long as it runs. */
final class PulseInterceptor extends WorkerInterceptorBase {

    @Override
    public ActivityInboundCallsInterceptor interceptActivity(ActivityInboundCallsInterceptor next) {
        return new WithPulse(next);
    }

    private static final class WithPulse extends ActivityInboundCallsInterceptorBase {

        private @Nullable ActivityExecutionContext context;

        private WithPulse(ActivityInboundCallsInterceptor next) {
            super(next);
        }

        @Override
        public void init(ActivityExecutionContext initial) {
            this.context = initial;
            super.init(initial);
        }

        @Override
        public ActivityOutput execute(ActivityInput input) {
            try (Pulse pulse = new Pulse(Objects.requireNonNull(context, "init comes before execute"))) {
                return ScopedValue.where(Pulse.CURRENT, pulse).call(() -> super.execute(input));
            }
        }
    }
}
