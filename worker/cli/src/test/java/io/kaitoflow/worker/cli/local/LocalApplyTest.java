package io.kaitoflow.worker.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Secret;
import io.kaitoflow.activities.dataset.download.AllowedHosts;
import io.kaitoflow.bridge.translate.Translation;
import io.kaitoflow.presets.GpuCatalogue;
import io.kaitoflow.worker.cli.Manifests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalApplyTest {

    @TempDir
    private Path folder;

    @Test
    void theUsersLoginStandsForASecretThatTheFileDoesNotHold() throws IOException {
        LocalApply applied = applied("");

        assertThat(applied.translation()).isInstanceOf(Translation.Accepted.class);
        assertThat(decoded(onlySecret(applied), LocalApply.DOCKER_CONFIG)).isEqualTo("{\"auths\":{\"r\":{}}}");
        assertThat(decoded(onlySecret(applied), LocalApply.HUB_TOKEN)).isEqualTo("hf_sesame");
    }

    @Test
    void aSecretOfTheFileIsTakenAsItIs() throws IOException {
        String own = Base64.getEncoder().encodeToString("{}".getBytes(StandardCharsets.UTF_8));
        LocalApply applied = applied(
                "---\napiVersion: v1\nkind: Secret\nmetadata: {name: push}\ndata: {.dockerconfigjson: " + own + "}\n");

        assertThat(decoded(onlySecret(applied), LocalApply.DOCKER_CONFIG)).isEqualTo("{}");
        assertThat(onlySecret(applied).getData()).doesNotContainKey(LocalApply.HUB_TOKEN);
    }

    @Test
    void aLoginDoesNotPrintItself() throws IOException {
        assertThat(login()).asString().isEqualTo("UserLogin[…]");
    }

    @Test
    void whoIsNotLoggedInHasAnEmptyLogin() {
        UserLogin nobody = UserLogin.of(Map.of("DOCKER_CONFIG", folder.toString()));

        assertThat(nobody.data()).containsOnlyKeys(LocalApply.DOCKER_CONFIG);
    }

    private LocalApply applied(String more) throws IOException {
        String yaml = Manifests.tuning("rows", Map.of("train.jsonl", "{}")) + more;
        return LocalApply.of(
                Files.writeString(folder.resolve("w.yaml"), yaml),
                GpuCatalogue.load(),
                login(),
                AllowedHosts.none(),
                Clock.systemUTC());
    }

    private UserLogin login() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{\"auths\":{\"r\":{}}}");
        return UserLogin.of(Map.of("DOCKER_CONFIG", folder.toString(), "HF_TOKEN", "hf_sesame"));
    }

    private static Secret onlySecret(LocalApply applied) {
        assertThat(applied.secrets()).hasSize(1);
        return applied.secrets().iterator().next();
    }

    private static String decoded(Secret secret, String key) {
        return new String(Base64.getDecoder().decode(secret.getData().get(key)), StandardCharsets.UTF_8);
    }
}
