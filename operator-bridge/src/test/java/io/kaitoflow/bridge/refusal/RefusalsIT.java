package io.kaitoflow.bridge.refusal;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.bridge.admission.Webhook;
import io.kaitoflow.testcluster.ApiServer;
import io.kaitoflow.testcluster.Kubectl.Answer;
import io.kaitoflow.testcluster.WithApiServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The refusals as a user of kubectl sees them: by the API server's own schema and rules, then by the webhook. */
@ExtendWith(WithApiServer.class)
class RefusalsIT {

    private static Webhook webhook;
    private static ApiServer cluster;

    @BeforeAll
    static void register(ApiServer server, @TempDir Path folder) {
        cluster = server;
        webhook = Webhook.register(server, folder);
    }

    @AfterAll
    static void unregister() {
        webhook.close();
    }

    @TestFactory
    Stream<DynamicTest> kubectlPrintsTheRefusalAndAppliesItsTwin() {
        return RefusalCase.tests(RefusalsIT::check);
    }

    private static void check(RefusalCase folder) throws IOException {
        String namespace = cluster.newNamespace();
        apply(folder.valid(), namespace).orFail();

        Answer answer = apply(folder.invalid(), folder.edit() ? namespace : cluster.newNamespace());

        assertThat(answer.status()).isNotZero();
        folder.assertSaid(
                "out-kubectl.txt", answer.err().replace(folder.invalid().toString(), "invalid-workspace.yaml"));
    }

    private static Answer apply(Path manifest, String namespace) {
        return cluster.kubectl().run("apply", "--namespace", namespace, "--filename", manifest.toString());
    }
}
