package io.kaitoflow.temporal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.temporal.client.WorkflowOptions;
import io.temporal.common.SearchAttributeKey;
import io.temporal.worker.WorkerFactory;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemporalServerTest {

    private static final String QUEUE = "greetings";

    @TempDir
    private Path folder = Path.of("");

    @Test
    void theServerInsideThisProcessRunsWorkflowsOverItsPort() {
        try (TemporalServer server = InProcessServer.start();
                TemporalConnection connection = TemporalConnection.open(server.address())) {
            assertThat(greeted(connection)).isEqualTo("hello");
            assertThat(server.durable()).isFalse();
        }
    }

    @Test
    void searchAttributesAreKnownAfterRegisteringThemTwice() {
        List<SearchAttributeKey<String>> keys = List.of(SearchAttributeKey.forKeyword("TestColour"));
        try (TemporalServer server = InProcessServer.start();
                TemporalConnection connection = TemporalConnection.open(server.address())) {
            assertThat(SearchAttributes.register(connection, keys)).isTrue();
            assertThat(SearchAttributes.register(connection, keys)).isTrue();
        }
    }

    @Test
    void aGivenServerIsUsedAndLeftRunning() {
        try (TemporalServer someoneElses = InProcessServer.start()) {
            TemporalServer.choose(Optional.of(someoneElses.address()), folder).close();
            try (TemporalConnection connection = TemporalConnection.open(someoneElses.address())) {
                assertThat(greeted(connection)).isEqualTo("hello");
            }
        }
    }

    @Test
    void anAddressWhereNothingListensIsNamedWithTheCure() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        TemporalAddress nowhere = TemporalAddress.of("127.0.0.1:" + free);
        assertThatThrownBy(() -> TemporalConnection.open(nowhere))
                .isInstanceOf(TemporalException.class)
                .hasMessageContaining(nowhere.target())
                .hasMessageContaining("--temporal");
    }

    /** The SDK alone gives up after five seconds, whatever it is told to wait for a connection. */
    @Test
    void aServerThatIsAwayIsWaitedForAsLongAsTheCallerHasPatience() {
        try (TemporalServer server = InProcessServer.start();
                LateDoor door = LateDoor.to(server.address(), 5);
                TemporalConnection connection =
                        TemporalConnection.open(door.address(), TemporalAccess.open(), Duration.ofMinutes(1))) {
            assertThat(greeted(connection)).isEqualTo("hello");
        }
    }

    @Test
    void aTargetWithoutPortIsRefused() {
        assertThatThrownBy(() -> TemporalAddress.of("localhost")).hasMessageContaining("host:port");
    }

    private static String greeted(TemporalConnection connection) {
        WorkerFactory factory = WorkerFactory.newInstance(connection.client());
        factory.newWorker(QUEUE).registerWorkflowImplementationTypes(GreeterImpl.class);
        factory.start();
        try {
            return connection
                    .client()
                    .newWorkflowStub(
                            Greeter.class,
                            WorkflowOptions.newBuilder().setTaskQueue(QUEUE).build())
                    .greet();
        } finally {
            factory.shutdownNow();
        }
    }

    /** The smallest workflow. */
    @WorkflowInterface
    public interface Greeter {
        @WorkflowMethod
        String greet();
    }

    /** Its implementation. */
    public static final class GreeterImpl implements Greeter {
        @Override
        public String greet() {
            return "hello";
        }
    }
}
