package io.kaitoflow.worker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.worker.cli.terminal.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class KaitoflowCommandTest {

    private final ProxySelector usual = ProxySelector.getDefault();

    @AfterEach
    void restore() {
        ProxySelector.setDefault(usual);
    }

    @Test
    void whatACommandFetchesGoesThroughTheProxyButForExceptions() {
        Invocation.with(
                Map.of("KAITOFLOW_PROXY", "http://proxy.example:3128", "KAITOFLOW_NO_PROXY", ".inside.example"),
                "models",
                "list");

        assertThat(ProxySelector.getDefault().select(URI.create("https://registry.example")))
                .doesNotContain(Proxy.NO_PROXY);
        assertThat(ProxySelector.getDefault().select(URI.create("https://registry.inside.example")))
                .containsExactly(Proxy.NO_PROXY);
    }

    @Test
    void temporalIsReachedDirectly() {
        Invocation.with(
                Map.of("KAITOFLOW_PROXY", "http://proxy.example:3128"),
                "pause",
                "one",
                "--temporal",
                "temporal.example:7233",
                "--help");

        assertThat(ProxySelector.getDefault().select(URI.create("https://temporal.example:7233")))
                .containsExactly(Proxy.NO_PROXY);
        assertThat(ProxySelector.getDefault().select(URI.create("https://registry.example")))
                .doesNotContain(Proxy.NO_PROXY);
    }

    @Test
    void whatDoesNotFitIntoMemoryFailsWithASentence() {
        StringWriter err = new StringWriter();
        CommandLine line = KaitoflowCommand.commandLine(Map.of());
        line.setErr(new PrintWriter(err, true));
        line.setExecutionStrategy(parsed -> {
            throw new OutOfMemoryError("Java heap space");
        });

        assertThat(KaitoflowCommand.execute(line, "models", "list")).isEqualTo(ExitCode.FAILED);
        assertThat(err)
                .asString()
                .startsWith("kaitoflow: What is read does not fit")
                .contains("Java heap space", "jsonl");
    }

    @Test
    void aProxyOrAuthoritiesThatAreNoneAreAWrongCommandLine() {
        Invocation proxy = Invocation.with(Map.of("KAITOFLOW_PROXY", "proxy.example"), "models", "list");
        Invocation authorities = Invocation.with(Map.of("KAITOFLOW_AUTHORITIES", "company.crt"), "models", "list");

        assertThat(proxy.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(proxy.err()).startsWith("kaitoflow: KAITOFLOW_PROXY: \"proxy.example\" must be http://HOST:PORT");
        assertThat(authorities.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(authorities.err()).startsWith("kaitoflow: KAITOFLOW_AUTHORITIES cannot be read");
    }
}
