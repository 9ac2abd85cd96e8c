package io.kaitoflow.temporal;

import io.grpc.StatusRuntimeException;
import io.temporal.api.workflowservice.v1.GetSystemInfoRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** An open channel to a Temporal server, checked once; owns the channel and closes it. */
public final class TemporalConnection implements AutoCloseable {

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

    private final WorkflowServiceStubs service;
    private final WorkflowClient client;
    private final FileLooks looks;

    private TemporalConnection(WorkflowServiceStubs service, WorkflowClient client, FileLooks looks) {
        this.service = service;
        this.client = client;
        this.looks = looks;
    }

    /** @throws TemporalException when nothing answers there within ten seconds */
    public static TemporalConnection open(TemporalAddress address) {
        return open(address, TemporalAccess.open());
    }

    /**
     * @param access lets this process in
     * @throws TemporalException when nothing answers there within ten seconds
     */
    public static TemporalConnection open(TemporalAddress address, TemporalAccess access) {
        return open(address, access, CONNECT_LIMIT);
    }

    /**
     * @param access lets this process in
     * @param patience for a server that is away, or slow to answer
     * @throws TemporalException when nothing answers there within it
     */
    public static TemporalConnection open(TemporalAddress address, TemporalAccess access, Duration patience) {
        FileLooks looks = new FileLooks();
        try {
            WorkflowServiceStubs service = connect(address, stubs(address, access, looks, patience), patience);
            WorkflowClientOptions options = WorkflowClientOptions.newBuilder()
                    .setNamespace(address.namespace())
                    .setDataConverter(access.converter())
                    .setIdentity(
                            "kaitoflow@" + ManagementFactory.getRuntimeMXBean().getName())
                    .build();
            return new TemporalConnection(service, WorkflowClient.newInstance(service, options), looks);
        } catch (RuntimeException e) {
            looks.close();
            throw e;
        }
    }

    private static WorkflowServiceStubs stubs(
            TemporalAddress address, TemporalAccess access, FileLooks looks, Duration patience) {
        // Between two attempts the SDK asks what the server can do, and gives up with that question, after five seconds
        // unless told.
        WorkflowServiceStubsOptions.Builder options = WorkflowServiceStubsOptions.newBuilder()
                .setTarget(address.target())
                .setSystemInfoTimeout(patience);
        access.applyTo(options, looks);
        return WorkflowServiceStubs.newServiceStubs(options.build());
    }

    private static WorkflowServiceStubs connect(
            TemporalAddress address, WorkflowServiceStubs service, Duration patience) {
        try {
            service.connect(patience);
            return service;
        } catch (RuntimeException e) {
            service.shutdownNow();
            throw new TemporalException(
                    "No Temporal server answers at " + address.target() + " (" + e.getMessage()
                            + "); start one with temporal/dev/server or correct --temporal.",
                    e);
        }
    }

    public WorkflowClient client() {
        return client;
    }

    /** Whether the server answers now. */
    public boolean answers(Duration patience) {
        try {
            var unused = service.blockingStub()
                    .withDeadlineAfter(patience.toMillis(), TimeUnit.MILLISECONDS)
                    .getSystemInfo(GetSystemInfoRequest.getDefaultInstance());
            return true;
        } catch (StatusRuntimeException e) {
            return false;
        }
    }

    @Override
    public void close() {
        service.shutdownNow();
        service.awaitTermination(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        looks.close();
    }
}
