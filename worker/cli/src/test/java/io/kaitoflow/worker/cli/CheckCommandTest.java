package io.kaitoflow.worker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kaitoflow.worker.cli.terminal.ExitCode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CheckCommandTest {

    private static final Path EXAMPLES = Path.of("../../helm/examples");
    private static final Path OWN_NODES = EXAMPLES.resolve("tune-smollm2.yaml");
    private static final String EXPECTED = "# refused: ";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @MethodSource("invalidExamples")
    void anInvalidExampleIsRefusedWithAllItsSentences(Path example) throws IOException {
        List<String> sentences = Files.readAllLines(example).stream()
                .filter(line -> line.startsWith(EXPECTED))
                .map(line -> line.substring(EXPECTED.length()))
                .toList();

        Invocation check = check(example);

        assertThat(sentences).isNotEmpty();
        assertThat(check.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(check.out()).contains(sentences).endsWith("Refused" + System.lineSeparator());
    }

    static Stream<Path> invalidExamples() throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            return files.filter(file -> String.valueOf(file.getFileName()).startsWith("invalid-")).toList().stream();
        }
    }

    /** With a proxy that nobody runs, so that it takes no time whether or not there is a network. */
    @Test
    void theQuickstartPassesUpToWhatNeedsTheNetwork() {
        ProxySelector usual = ProxySelector.getDefault();
        ProxySelector.setDefault(ProxySelector.of(new InetSocketAddress("127.0.0.1", 1)));
        try {
            Invocation check = check(EXAMPLES.resolve("quickstart-phi-3.yaml"));

            assertThat(check.exit()).isEqualTo(ExitCode.OK);
            assertThat(check.out())
                    .contains("phi-3-mini-128k-instruct could not be fetched", "Standard_NC6s_v3", "has no native BF16")
                    .endsWith("Passed" + System.lineSeparator());
            assertThat(check.out().lines()).doesNotHaveDuplicates();
        } finally {
            ProxySelector.setDefault(usual);
        }
    }

    @Test
    void thePlanNamesEachMachineInItsOrderWithMemoryPriceAndTheDateOfThat() throws IOException {
        String text = Files.readString(EXAMPLES.resolve("quickstart-phi-3.yaml"));
        String anyMachine = text.replaceFirst("instanceType: .*", "instanceType: auto");
        assertThat(anyMachine).isNotEqualTo(text);

        Invocation check = check(Files.writeString(folder.resolve("auto.yaml"), anyMachine));

        assertThat(check.out())
                .containsPattern(
                        "machine 1 Standard_\\S+, [0-9.]+ GiB, [0-9.]+ USD/h \\(list price, eastus, 2024-06-30\\)")
                .contains(
                        "machine 2 Standard_", "memory    tuning ", "Machines are tried cheapest first, by list price");
    }

    @Test
    void whatItsNamespaceCouldNeverHoldIsRefusedAsTheClusterWould() throws IOException {
        Path quotas = Files.writeString(folder.resolve("values.yaml"), "quotas: {default: {gpus: 0}}");

        Invocation check =
                check(EXAMPLES.resolve("quickstart-phi-3.yaml"), "--quotas", quotas.toString(), "-o", "json");

        JsonNode finding = new ObjectMapper().readTree(check.out()).at("/findings/0");
        assertThat(check.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(finding.path("kind").asText()).isEqualTo("OVER_CAP");
        assertThat(finding.path("message").asText()).contains("namespace default may use 0 GPUs at once");
    }

    @Test
    void ownNodesThatWouldBeTakenAreNamedWithWhatIsCounted() throws IOException {
        Path nodes = Files.writeString(folder.resolve("nodes.yaml"), """
                apiVersion: v1
                kind: List
                items:
                - apiVersion: v1
                  kind: Node
                  metadata:
                    name: lab-7
                    labels:
                      apps: tune-smollm2
                      nvidia.com/gpu.product: NVIDIA-A100-SXM4-80GB
                      nvidia.com/gpu.memory: "81920"
                      nvidia.com/gpu.count: "8"
                  status:
                    allocatable: {nvidia.com/gpu: "8"}
                    conditions: [{type: Ready, status: "True"}]
                """);
        Path quotas = Files.writeString(folder.resolve("values.yaml"), "quotas: {default: {gpus: 4}}");

        Invocation check = check(OWN_NODES, "--nodes", nodes.toString(), "--quotas", quotas.toString());

        assertThat(check.out())
                .contains("machine 1 own, 640 GiB on 8 devices")
                .contains("lab-7 has 8 x NVIDIA-A100-SXM4-80GB, 80 GiB each; counted as 8 GPUs.")
                .contains("1 x own is 8 GPUs, and namespace default may use 4 GPUs at once.");
        assertThat(check(OWN_NODES).out()).contains("--nodes says which.");
    }

    @Test
    void aListingWithoutNodesIsSaidToBeNone() throws IOException {
        Path nodes = Files.writeString(folder.resolve("nodes.yaml"), "apiVersion: v1\nkind: List\nitems: []\n");

        assertThat(check(OWN_NODES, "--nodes", nodes.toString()).err())
                .contains("--nodes: " + nodes, "there is no Node in it", "kubectl get nodes -o yaml");
    }

    @Test
    void aListingThatIsCutOffIsSaidWithItsLine() throws IOException {
        Path nodes = Files.writeString(folder.resolve("nodes.json"), "{\"apiVersion\": \"v1\",\n\"kind\": \"List");

        assertThat(check(OWN_NODES, "--nodes", nodes.toString()).err())
                .contains("--nodes: " + nodes, "it is no listing of Nodes: ", "(line 2)");
    }

    @Test
    void capsThatAreNoneAreSaid() throws IOException {
        Path quotas = Files.writeString(folder.resolve("values.yaml"), "quotas: {default: {gpus: many}}");

        Invocation check = check(EXAMPLES.resolve("quickstart-phi-3.yaml"), "--quotas", quotas.toString());

        assertThat(check.exit()).isNotEqualTo(ExitCode.OK);
        assertThat(check.err()).contains("--quotas: " + quotas, "gpus");
    }

    @Test
    void jsonHoldsEveryFinding() throws IOException {
        Invocation check = check(EXAMPLES.resolve("invalid-tuning-mistakes.yaml"), "-o", "json");

        JsonNode report = new ObjectMapper().readTree(check.out());
        assertThat(check.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(report.path("findings")).hasSizeGreaterThanOrEqualTo(11);
        assertThat(report.at("/findings/0/severity").asText()).isEqualTo("REFUSAL");
    }

    @Test
    void anUnknownPresetOffersTheNearest() {
        Invocation check = check(EXAMPLES.resolve("invalid-tuning-mistakes.yaml"));

        assertThat(check.out()).contains("did you mean phi-3-mini-128k-instruct");
    }

    @Test
    void aMissingFileIsSaid() {
        Invocation check = check(folder.resolve("nothing.yaml"));

        assertThat(check.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(check.err()).contains("nothing.yaml: there is no such file");
    }

    @Test
    void anEmptyFileIsSaid() throws IOException {
        Invocation check = check(Files.createFile(folder.resolve("empty.yaml")));

        assertThat(check.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(check.err()).contains("empty.yaml is empty");
    }

    @Test
    void brokenYamlIsSaidWithItsPlace() throws IOException {
        Invocation check = check(Files.writeString(folder.resolve("broken.yaml"), "a: [\n b: {"));

        assertThat(check.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(check.err()).contains("broken.yaml is not YAML: line 2, column 6");
    }

    @Test
    void aHomeThatCannotBeAFolderIsSaid() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        Invocation check = Invocation.of("check", EXAMPLES.resolve("tune-smollm2.yaml"), "--home", file);

        assertThat(check.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(check.err()).contains("The home folder " + file + " cannot be written", "--home");
    }

    private Invocation check(Path file, String... more) {
        Object[] arguments = Stream.concat(Stream.of("check", file, "--home", folder.resolve("home")), Stream.of(more))
                .toArray();
        return Invocation.of(arguments);
    }
}
