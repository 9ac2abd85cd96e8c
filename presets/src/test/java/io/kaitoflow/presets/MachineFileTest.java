package io.kaitoflow.presets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MachineFileTest {

    private static final String A100 = "Standard_NC24ads_A100_v4";
    private static final String H200 = """
            gpus:
              H200: {model: NVIDIA H200, gpuMemory: 141 GiB, computeCapability: "9.0", teraflops: 989}
            skus:
              - {name: Standard_ND96isr_H200_v5, provider: azure, gpu: H200, gpus: 8}
            """;

    private final GpuCatalogue shipped = GpuCatalogue.load();

    @TempDir
    private Path folder;

    @Test
    void aPriceOfOnesOwnReplacesTheListPriceAndNothingElse() {
        GpuSku own = with("skus: [{name: " + A100
                        + ", price: {hourlyUsd: 2.90, region: westeurope, asOf: 2026-11-01}}]")
                .find(A100)
                .orElseThrow();
        GpuSku list = shipped.find(A100).orElseThrow();

        assertThat(own.price())
                .contains(new Price(
                        new BigDecimal("2.90"),
                        Optional.empty(),
                        Optional.of("westeurope"),
                        LocalDate.of(2026, 11, 1),
                        Price.Kind.OWN));
        assertThat(own.price().orElseThrow().origin()).isEqualTo("own price, westeurope, 2026-11-01");
        assertThat(list.price().orElseThrow().origin()).isEqualTo("list price, eastus, 2024-06-30");
        assertThat(new GpuSku(own.name(), own.provider(), own.gpu(), own.gpus(), list.price(), own.retirement()))
                .isEqualTo(list);
    }

    @Test
    void aPriceOfOnesOwnChangesWhichMachineIsTheCheapest() {
        GpuCatalogue own = with("skus: [{name: " + A100 + ", price: {hourlyUsd: 1, asOf: 2026-11-01}}]");

        assertThat(own.fitting(ByteSize.ofGibibytes(20), "azure", LocalDate.of(2026, 11, 27)))
                .extracting(GpuSku::name)
                .startsWith(A100, "Standard_NV36ads_A10_v5");
    }

    @Test
    void spotMachinesAreCountedAtTheirOwnPriceWhereItIsKnown() {
        Price price = with("skus: [{name: " + A100
                        + ", price: {hourlyUsd: 2.9, spotHourlyUsd: 0.9, asOf: 2026-11-01}}]")
                .find(A100)
                .flatMap(GpuSku::price)
                .orElseThrow();
        Price list = shipped.find(A100).flatMap(GpuSku::price).orElseThrow();

        assertThat(price.hourlyUsd(true)).isEqualByComparingTo("0.9");
        assertThat(price.hourlyUsd(false)).isEqualByComparingTo("2.9");
        assertThat(list.hourlyUsd(true)).isEqualTo(list.hourlyUsd(false));
    }

    @Test
    void aMachineThatThisReleaseDoesNotKnowIsAddedWithItsDevice() {
        GpuCatalogue own = with(H200);

        GpuSku sku = own.find("Standard_ND96isr_H200_v5").orElseThrow();
        assertThat(sku.totalMemory()).isEqualTo(ByteSize.ofGibibytes(8 * 141));
        assertThat(sku.price()).isEmpty();
        assertThat(own.device("NVIDIA-H200")).contains(sku.gpu());
        assertThat(own.skus()).hasSize(shipped.skus().size() + 1);
        assertThat(shipped.find("Standard_ND96isr_H200_v5")).isEmpty();
    }

    @Test
    void whatIsSaidOfAKnownDeviceHoldsForItsMachines() {
        GpuCatalogue own = with("gpus: {A100-80: {teraflops: 300}}");

        GpuModel model = own.find(A100).orElseThrow().gpu();
        assertThat(model.teraflops()).isEqualTo(300);
        assertThat(model.gpuMemory()).isEqualTo(ByteSize.ofGibibytes(80));
    }

    @Test
    void theSectionOfTheChartsValuesIsReadToo() throws IOException {
        Path values = Files.writeString(
                folder.resolve("values.yaml"), "nodes: {cloud: azure}\ncatalogue:\n" + H200.indent(2));

        assertThat(shipped.with(MachineFile.read(values))).isEqualTo(with(H200)).isNotEqualTo(shipped);
    }

    @Test
    void aFileAddsToWhatAnotherSaid() {
        GpuCatalogue own = with(H200)
                .with(MachineFile.parse(
                        "more.yaml",
                        "skus: [{name: Standard_ND96isr_H200_v5, price: {hourlyUsd: 84.8, asOf: 2026-11-01}}]"));

        assertThat(own.find("Standard_ND96isr_H200_v5").orElseThrow().price()).isPresent();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "skus: [{name: Standard_NC24ads_A100_v5, price: {hourlyUsd: 2, asOf: 2026-11-01}}]"
                        + "| skus: Standard_NC24ads_A100_v5 is not known yet; did you mean Standard_NC24ads_A100_v4",
                "skus: [{name: box, gpus: 2}] | skus: box is not known yet. Mend the name, or add what a new one needs: gpu, provider.",
                "gpus: {H200: {model: NVIDIA H200}} | gpus: H200 is not known yet",
                "skus: [{name: box, provider: lab, gpu: H100, gpus: 2}]"
                        + "| skus: box: gpu: \"H100\" is no GPU of the catalogue; did you mean A10, A10G, H100-80?",
                "skus: [{name: Standard_NC24ads_A100_v4, gpu: A100}] | or describe it under gpus.",
                "skus: [{name: box, prize: 2}] | skus: box: prize: is no field; did you mean price?",
                "skus: [{name: box, price: {hourlyUsd: 2, asOf: 2026-11-01, currency: EUR}}] | skus: box: price.currency: is no field",
                "skus: [{name: box, price: {hourlyUsd: -2.5, asOf: 2026-11-01}}]"
                        + "| skus: box: price: hourlyUsd: -2.5 must be 0 or more.",
                "skus: [{name: box, price: {hourlyUsd: 2, spotHourlyUsd: -1, asOf: 2026-11-01}}]"
                        + "| skus: box: price: spotHourlyUsd: -1 must be 0 or more.",
                "skus: [{name: box, price: {hourlyUsd: 2}}] | skus: box: price: asOf is missing. Write the day",
                "skus: [{name: box, price: {asOf: 2026-11-01}}] | skus: box: price: hourlyUsd is missing.",
                "skus: [{name: box, price: {hourlyUsd: \"2,5\", asOf: 2026-11-01}}]"
                        + "| skus: box: price.hourlyUsd: \"2,5\" must be a number, e.g. 2.9.",
                "skus: [{name: box, price: {hourlyUsd: 2, asOf: 1.11.2026}}]"
                        + "| skus: box: price.asOf: \"1.11.2026\" must be a date, e.g. 2026-11-01.",
                "skus: [{name: box, price: 2}] | skus: box: price: 2 must be {hourlyUsd: …, spotHourlyUsd: …, region: …, asOf: …}.",
                "skus: [{name: box, gpus: 1.5}] | skus: box: gpus: 1.5 must be a whole number, e.g. 8.",
                "skus: [{name: box, gpus: 0}] | skus: box: gpus: 0 must be at least 1.",
                "skus: [{name: box, provider: Azure}] | skus: box: provider: \"Azure\" must be lower-case",
                "gpus: {H200: {gpuMemory: 141}} | gpus: H200: gpuMemory: 141 B must be at least 1 GiB.",
                "gpus: {H200: {gpuMemory: 141 GB}} | gpus: H200: gpuMemory: Not a size: \"141 GB\"",
                "gpus: {H200: {computeCapability: 9.0}}"
                        + "| gpus: H200: computeCapability: 9.0 must be text in quotes, e.g. \"9.0\".",
                "gpus: {H200: {teraflops: 0}} | gpus: H200: teraflops: 0.0 must be above 0.",
                "gpus: {H200: 141} | gpus: H200: 141 must be {model: …, gpuMemory: …",
                "gpus: {H200: {}, H200: {}} | is not YAML: line 1, column ",
                "skus: [{name: box}, {name: box}] | skus: box is there twice. Keep one of both.",
                "skus: [{gpus: 2}] | skus: entry 1 {\"gpus\":2} has no name.",
                "skus: {box: {}} | must be gpus: {NAME: {…}}, skus: [{name: NAME, …}], or both.",
                "catalog: {skus: []} | catalog is no field; there are gpus and skus, or a section catalogue",
                "'' | must be gpus: {NAME: {…}}",
                "skus: [{name: box | is not YAML: line 1, column 18: while parsing a flow mapping, expected ',' or '}'",
            })
    void aMistakeIsSaidWithItsPlaceItsRuleAndWhatToWrite(String yaml, String said) {
        assertThatThrownBy(() -> with(yaml))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("own.yaml: ")
                .hasMessageContaining(said);
    }

    @Test
    void aCatalogueSaysHowManyMachinesAndPricesAreOnesOwn() {
        assertThat(shipped).hasToString("33 machines, 0 own prices");
        assertThat(with("skus: [{name: " + A100 + ", price: {hourlyUsd: 1, asOf: 2026-11-01}}]"))
                .hasToString("33 machines, 1 own prices");
    }

    @Test
    void aFileThatIsNotThereIsSaid() {
        Path nowhere = folder.resolve("nothing.yaml");

        assertThatThrownBy(() -> MachineFile.read(nowhere)).hasMessage(nowhere + ": there is no such file.");
        assertThatThrownBy(() -> MachineFile.read(folder)).hasMessageStartingWith(folder + " cannot be read: ");
    }

    @Test
    void aPriceIsOldAfterAYear() {
        Price price = shipped.find(A100).orElseThrow().price().orElseThrow();

        assertThat(price.isOld(LocalDate.of(2025, 6, 30))).isFalse();
        assertThat(price.isOld(LocalDate.of(2025, 7, 1))).isTrue();
    }

    private GpuCatalogue with(String yaml) {
        return shipped.with(MachineFile.parse("own.yaml", yaml));
    }
}
