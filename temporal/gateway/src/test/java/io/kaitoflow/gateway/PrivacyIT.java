package io.kaitoflow.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import io.kaitoflow.temporal.TemporalAccess;
import io.kaitoflow.temporal.TemporalAddress;
import io.kaitoflow.temporal.TemporalConnection;
import io.kaitoflow.temporal.WorkerPace;
import io.kaitoflow.temporal.codec.CodecEndpoint;
import io.kaitoflow.temporal.codec.CodecSettings;
import io.kaitoflow.temporal.codec.EncryptingCodec;
import io.kaitoflow.temporal.codec.PayloadKeys;
import io.kaitoflow.testcluster.Chromium;
import io.kaitoflow.testcluster.Kubectl.Answer;
import io.kaitoflow.testcluster.TemporalDevServer;
import io.temporal.activity.Activity;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.payload.codec.PayloadCodec;
import io.temporal.worker.WorkerFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Payloads that a real Temporal server keeps and cannot read: a worker with keys, a tuner without, people with a codec server. */
class PrivacyIT {

    private static final Pattern DATA = Pattern.compile("\"data\": \"([A-Za-z0-9+/=]+)\"");

    private static final LocatorAssertions.IsVisibleOptions SLOWLY =
            new LocatorAssertions.IsVisibleOptions().setTimeout(60_000);

    private final String uid = UUID.randomUUID().toString();
    private final List<AutoCloseable> opened = new ArrayList<>();

    @TempDir
    private Path folder = Path.of("");

    private TemporalDevServer temporal;
    private TemporalConnection secret;
    private CodecEndpoint people;

    @BeforeEach
    void open() throws IOException {
        Files.writeString(folder.resolve("signing"), "s".repeat(32));
        Files.writeString(folder.resolve("token"), "open-sesame");
        Path keys = Files.createDirectories(folder.resolve("keys"));
        Files.writeString(keys.resolve("k1"), "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=");
        Files.writeString(keys.resolve("current"), "k1");
        PayloadCodec codec = new EncryptingCodec(new PayloadKeys(keys));
        temporal = opened(TemporalDevServer.startInMemory());
        secret = opened(TemporalConnection.open(address(), TemporalAccess.open().with(Optional.of(keys))));
        people = opened(CodecEndpoint.start(
                new CodecSettings(
                        loopback(),
                        folder.resolve("token"),
                        Set.of(temporal.webUi().toString())),
                codec));
        TunerGateway gateway = opened(TunerGateway.start(
                new GatewaySettings(loopback(), folder, null, Optional.of(codec)),
                secret.client().getWorkflowServiceStubs(),
                "default",
                InstantSource.system()));
        WorkerFactory factory = WorkerFactory.newInstance(secret.client());
        factory.newWorker(uid).registerWorkflowImplementationTypes(Errand.Impl.class);
        factory.start();
        opened.add(factory::shutdownNow);
        startTuner(gateway.port());
    }

    private TemporalAddress address() {
        return TemporalAddress.of(temporal.target());
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    /** It has a token, and no key of payloads. */
    private void startTuner(int port) throws IOException {
        Path access = Files.createDirectories(folder.resolve("access"));
        Files.writeString(
                access.resolve(TemporalAccess.TOKEN),
                new TunerTokens(folder, InstantSource.system()).issue(uid, Duration.ofHours(1)));
        TemporalConnection connection =
                opened(TemporalConnection.open(TemporalAddress.of("127.0.0.1:" + port), TemporalAccess.by(access)));
        WorkerFactory factory = WorkerFactory.newInstance(connection.client(), WorkerPace.factory());
        factory.newWorker("tuner/" + uid, WorkerPace.hostBound()).registerActivitiesImplementations(new Halmere());
        factory.start();
        opened.add(factory::shutdownNow);
    }

    /** Knows a secret, and sometimes fails with it. */
    private static final class Halmere implements Errand.Work {

        private boolean asked;

        @Override
        public String fetch(String what) {
            Activity.getExecutionContext().heartbeat("at-halmere");
            if (asked) {
                throw new IllegalStateException("halmere-has-no-" + what);
            }
            asked = true;
            return "halmere-has-" + what;
        }
    }

    private <T extends AutoCloseable> T opened(T resource) {
        opened.add(resource);
        return resource;
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable resource : opened.reversed()) {
            resource.close();
        }
    }

    private WorkflowStub errand(TemporalConnection whose, String id) {
        WorkflowStub errand = WorkflowStub.fromTyped(whose.client()
                .newWorkflowStub(
                        Errand.class,
                        WorkflowOptions.newBuilder()
                                .setTaskQueue(uid)
                                .setWorkflowId(id)
                                .build()));
        errand.start(uid);
        return errand;
    }

    /** As the real command shows it, and what its payloads hold as text: they are printed in Base64. */
    private String history(String id, String... more) {
        Answer answer =
                temporal.temporal(Stream.concat(Stream.of("workflow", "show", "-w", id, "-o", "json"), Stream.of(more))
                        .toArray(String[]::new));
        assertThat(answer.status()).as(answer.err()).isZero();
        return answer.out()
                + DATA.matcher(answer.out())
                        .results()
                        .map(found ->
                                new String(Base64.getDecoder().decode(found.group(1)), StandardCharsets.ISO_8859_1))
                        .collect(Collectors.joining("\n"));
    }

    private String[] codec() {
        return new String[] {
            "--codec-endpoint", "http://127.0.0.1:" + people.port(), "--codec-auth", "Bearer open-sesame"
        };
    }

    @Test
    void theServerKeepsWhatItCannotReadAndPeopleReadItThroughTheCodecServer() throws Exception {
        WorkflowStub errand = errand(secret, "good");
        assertThat(errand.getResult(2, TimeUnit.MINUTES, String.class)).isEqualTo("halmere-has-rows");
        assertThat(history("good")).doesNotContain("halmere", "rows");
        assertThat(history("good", codec())).contains("halmere-has-rows");

        WorkflowStub failing = errand(secret, "bad");
        assertThatThrownBy(() -> failing.getResult(2, TimeUnit.MINUTES, String.class))
                .hasStackTraceContaining("halmere-has-no-rows");
        assertThat(history("bad")).doesNotContain("halmere").contains("Encoded failure");
        assertThat(history("bad", codec())).contains("halmere-has-no-rows");
    }

    @Test
    void theWebUiShowsInABrowserWhatItsServerCannotRead() throws Exception {
        assumeTrue(Chromium.installed(), "needs /usr/bin/chromium and /usr/bin/node");
        errand(secret, "seen").getResult(2, TimeUnit.MINUTES, String.class);
        try (Chromium chromium = Chromium.start()) {
            Page page = chromium.page();
            page.navigate(temporal.webUi() + "/namespaces/default/workflows/seen");
            PlaywrightAssertions.assertThat(page.getByText("encryption-key-id").first())
                    .isVisible(SLOWLY);
            assertThat(page.content()).doesNotContain("halmere");

            page.getByTestId("data-encoder-status").click();
            page.getByPlaceholder("Paste your endpoint here")
                    .fill("http://127.0.0.1:" + people.port() + "/open-sesame");
            page.getByRole(
                            AriaRole.BUTTON,
                            new Page.GetByRoleOptions().setName("Apply").setExact(true))
                    .click();
            page.reload();
            PlaywrightAssertions.assertThat(page.getByText("halmere-has-rows").first())
                    .isVisible(SLOWLY);
        }
    }

    @Test
    void aRunThatBeganInPlainGoesOn() throws Exception {
        try (TemporalConnection plain = TemporalConnection.open(address())) {
            errand(plain, "old");
            assertThat(secret.client().newUntypedWorkflowStub("old").getResult(2, TimeUnit.MINUTES, String.class))
                    .isEqualTo("halmere-has-rows");
        }
    }
}
