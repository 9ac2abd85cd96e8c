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

    @Test
    void theQuickstartPassesUpToWhatNeedsTheNetwork() {
        Invocation check = offline(EXAMPLES.resolve("quickstart-phi-3.yaml"));

        assertThat(check.exit()).isEqualTo(ExitCode.OK);
        assertThat(check.out())
                .contains("phi-3-mini-128k-instruct could not be fetched", "Standard_NC6s_v3", "has no native BF16")
                .endsWith("Passed" + System.lineSeparator());
        assertThat(check.out().lines()).doesNotHaveDuplicates();
    }

    @Test
    void thePlanNamesEachMachineInItsOrderWithMemoryPriceAndTheDateOfThat() throws IOException {
        String text = Files.readString(EXAMPLES.resolve("quickstart-phi-3.yaml"));
        String anyMachine = text.replaceFirst("instanceType: .*", "instanceType: auto");
        assertThat(anyMachine).isNotEqualTo(text);

        Invocation check = offline(Files.writeString(folder.resolve("auto.yaml"), anyMachine));

        assertThat(check.out())
                .containsPattern(
                        "machine 1 Standard_\\S+, [0-9.]+ GiB, [0-9.]+ USD/h \\(list price, eastus, 2024-06-30\\)")
                .contains(
                        "machine 2 Standard_",
                        "memory    tuning ",
                        "Machines are tried cheapest first, by price: those of azure")
                .contains(
                        "warning   Prices older than a year decide the choice of a machine (auto): Standard_",
                        " more. Give your own with --catalogue FILE here, and to a cluster with the chart's value catalogue.");
    }

    @Test
    void aPriceOfOnesOwnIsNamedAsThatAndABudgetRestsOnIt() throws IOException {
        String text = Files.readString(EXAMPLES.resolve("quickstart-phi-4-mini.yaml"));
        Path bounded = Files.writeString(
                folder.resolve("bounded.yaml"),
                text.replaceFirst("metadata:\n", "metadata:\n  annotations: {kaito.sh/budget-usd: \"20\"}\n"));
        Path values = Files.writeString(folder.resolve("values.yaml"), """
                catalogue:
                  skus:
                    - name: Standard_NC24ads_A100_v4
                      price: {hourlyUsd: 2.90, region: westeurope, asOf: 2999-11-01}
                """);

        assertThat(offline(bounded, "--catalogue", values.toString()).out())
                .contains("machine 1 Standard_NC24ads_A100_v4, 80 GiB, 2.90 USD/h (own price, westeurope, 2999-11-01)")
                .doesNotContain("Prices older than a year");
        assertThat(offline(bounded).out())
                .contains("3.673 USD/h (list price, eastus, 2024-06-30)")
                .contains(
                        "warning   Prices older than a year decide the budget: Standard_NC24ads_A100_v4 of 2024-06-30. Give");
        assertThat(offline(EXAMPLES.resolve("quickstart-phi-4-mini.yaml")).out())
                .doesNotContain("Prices older than a year");
    }

    @Test
    void aCapInDollarsRestsOnPricesToo() throws IOException {
        Path quotas = Files.writeString(folder.resolve("values.yaml"), "quotas: {default: {usdPerHour: 60}}");

        assertThat(offline(EXAMPLES.resolve("quickstart-phi-4-mini.yaml"), "--quotas", quotas.toString())
                        .out())
                .contains("warning   Prices older than a year decide the namespace's cap: ");
    }

    @Test
    void aMachineOfOnesOwnCatalogueIsPlanned() throws IOException {
        String text = Files.readString(EXAMPLES.resolve("quickstart-phi-4-mini.yaml"));
        Path onBox = Files.writeString(folder.resolve("box.yaml"), text.replace("Standard_NC24ads_A100_v4", "box"));
        Path own = Files.writeString(
                folder.resolve("own.yaml"), "skus: [{name: box, provider: lab, gpu: H100-80, gpus: 2}]");

        assertThat(offline(onBox, "--catalogue", own.toString()).out())
                .contains("machine 1 box, 160 GiB on 2 devices, price unknown");
        assertThat(offline(onBox).out()).contains("\"box\" is not a GPU machine of the catalogue");
    }

    @Test
    void aMistakeInOnesOwnCatalogueIsSaidWithItsPlace() throws IOException {
        Path own = Files.writeString(folder.resolve("own.yaml"), "skus:\n- {name: A100, price: {hourlyUsd: cheap}}");

        Invocation check = check(EXAMPLES.resolve("quickstart-phi-4-mini.yaml"), "--catalogue", own.toString());

        assertThat(check.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(check.err())
                .contains(
                        "--catalogue: " + own + ": skus: A100: price.hourlyUsd: \"cheap\" must be a number, e.g. 2.9.");
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

    /** With a proxy that nobody runs, so that it takes no time whether or not there is a network. */
    private Invocation offline(Path file, String... more) {
        ProxySelector usual = ProxySelector.getDefault();
        ProxySelector.setDefault(ProxySelector.of(new InetSocketAddress("127.0.0.1", 1)));
        try {
            return check(file, more);
        } finally {
            ProxySelector.setDefault(usual);
        }
    }

    private Invocation check(Path file, String... more) {
        Object[] arguments = Stream.concat(Stream.of("check", file, "--home", folder.resolve("home")), Stream.of(more))
                .toArray();
        return Invocation.of(arguments);
    }
}
