package io.kaitoflow.temporal;

import io.temporal.common.interceptors.WorkerInterceptor;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import java.time.Duration;

/** The options that all workers of ours share. */
public final class WorkerPace {

    /** A cancel reaches an activity only at a heartbeat, and the SDK would throttle those to 0.8 of their time-out. */
    private static final Duration HEARTBEAT_THROTTLE = Duration.ofSeconds(1);

    private static final int CACHED_WORKFLOWS = 256;

    /** More at once finish no sooner, and all of them late; fewer would let a provider that hangs hold up everybody. */
    private static final int TASKS_AT_ONCE = 32;

    /**
     * A server spreads a queue over four partitions, and half of these ask for the runs that are cached here. A partition that nobody
     * asks hands on ten tasks a second, and keeps each further one for two seconds.
     */
    private static final int ASKING_AT_ONCE = 16;

    /** A loaded machine may keep workflow code waiting for longer than the SDK's second; that is no deadlock. */
    private static final Duration DEADLOCK = Duration.ofSeconds(10);

    private WorkerPace() {}

    /** Virtual threads, and a cache of some 30 MB that holds those runs that something happens to; the others are short to replay. */
    public static WorkerFactoryOptions factory(WorkerInterceptor... interceptors) {
        return WorkerFactoryOptions.newBuilder()
                .setWorkerInterceptors(interceptors)
                .setWorkflowCacheSize(CACHED_WORKFLOWS)
                .setUsingVirtualWorkflowThreads(true)
                .build();
    }

    /**
     * @param durable false for the in-process server, which never gives up on a dead worker's sticky queue; stickiness is then
     *     switched off
     */
    public static WorkerOptions worker(boolean durable) {
        WorkerOptions.Builder options = WorkerOptions.newBuilder()
                .setMaxHeartbeatThrottleInterval(HEARTBEAT_THROTTLE)
                .setDefaultHeartbeatThrottleInterval(HEARTBEAT_THROTTLE)
                .setDefaultDeadlockDetectionTimeout(DEADLOCK.toMillis())
                .setMaxConcurrentWorkflowTaskExecutionSize(TASKS_AT_ONCE)
                .setMaxConcurrentLocalActivityExecutionSize(TASKS_AT_ONCE)
                .setMaxConcurrentWorkflowTaskPollers(ASKING_AT_ONCE)
                .setUsingVirtualThreads(true);
        if (!durable) {
            options.setStickyQueueScheduleToStartTimeout(Duration.ZERO);
        }
        return options.build();
    }

    /** One activity at a time on a platform thread: native libraries keep state per thread, and the machine is one job's. */
    public static WorkerOptions hostBound() {
        return WorkerOptions.newBuilder()
                .setMaxHeartbeatThrottleInterval(HEARTBEAT_THROTTLE)
                .setDefaultHeartbeatThrottleInterval(HEARTBEAT_THROTTLE)
                .setMaxConcurrentActivityExecutionSize(1)
                .build();
    }
}
