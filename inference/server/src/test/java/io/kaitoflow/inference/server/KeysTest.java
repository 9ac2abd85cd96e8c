package io.kaitoflow.inference.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.kaitoflow.inference.server.adapters.AdapterDoor;
import io.kaitoflow.inference.server.keys.Doorkeeper;
import io.kaitoflow.inference.server.keys.MountedSecret;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A server whose keys lie in a Secret that others change while it runs. */
class KeysTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir
    private Path folder;

    private final ListAppender<ILoggingEvent> said = new ListAppender<>();
    private MountedSecret secret;
    private ServedModel served;

    @BeforeEach
    void serve() {
        said.list = new CopyOnWriteArrayList<>();
        said.start();
        log().addAppender(said);
        log().setLevel(Level.INFO);
        secret = new MountedSecret(folder.resolve("team-keys")).hold(Map.of("ann", "old", "bob", "stays"));
        served = ServedModel.with(ScriptedModel.ready(), Optional.of(secret.place()), new AdapterDoor.Closed());
    }

    @AfterEach
    void stop() {
        served.close();
        log().detachAppender(said);
        log().setLevel(null);
    }

    private static Logger log() {
        return (Logger) LoggerFactory.getLogger(Doorkeeper.class);
    }

    @Test
    void theKeysThatTheSecretHoldsNowAreThoseThatCount() {
        assertThat(served.get("/v1/models").statusCode()).isEqualTo(401);
        assertThat(with("old")).isEqualTo(200);
        assertThat(with("new")).isEqualTo(401);

        secret.hold(Map.of("ann", "new", "bob", "stays"));

        await().atMost(LONG).until(() -> with("new") == 200);
        assertThat(with("old")).isEqualTo(401);
        assertThat(with("stays")).isEqualTo(200);
        assertThat(served.get("/v1/models").statusCode()).isEqualTo(401);
    }

    @Test
    void noRequestWithAKeyThatStaysFailsMeanwhile() {
        secret.hold(Map.of("ann", "stays", "bob", "new"));

        await().atMost(LONG).until(() -> {
            assertThat(with("stays")).isEqualTo(200);
            return with("new") == 200;
        });
    }

    @Test
    void aSecretThatHoldsNoKeyAnyMoreLeavesThoseOfBeforeAndIsComplainedOfOnce() {
        secret.hold(Map.of());

        await().atMost(LONG).until(() -> !complaints().isEmpty());
        await().during(Duration.ofMillis(2500))
                .atMost(LONG)
                .until(() -> complaints().size() == 1);
        assertThat(complaints()).singleElement().asString().contains("team-keys holds no key");
        assertThat(with("old")).isEqualTo(200);
        assertThat(with("wrong")).isEqualTo(401);

        secret.hold(Map.of("ann", "new"));

        await().atMost(LONG).until(() -> with("new") == 200);
        assertThat(with("old")).isEqualTo(401);
    }

    @Test
    void whatIsSaidOfKeysHoldsNone() {
        secret.hold(Map.of("ann", "new"));
        await().atMost(LONG).until(() -> with("new") == 200);

        assertThat(said.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("The keys were renewed: 1 key from now on.");
    }

    private List<String> complaints() {
        return said.list.stream()
                .filter(event -> event.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    private int with(String key) {
        HttpRequest request = HttpRequest.newBuilder(served.address().resolve("/v1/models"))
                .header("Authorization", "Bearer " + key)
                .build();
        return served.send(request, BodyHandlers.discarding()).statusCode();
    }
}
