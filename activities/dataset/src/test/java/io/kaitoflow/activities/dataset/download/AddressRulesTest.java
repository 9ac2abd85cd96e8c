package io.kaitoflow.activities.dataset.download;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRulesTest {

    private final AddressRules rules = AddressRules.publicInternetAnd(Set.of());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost/x",
                "http://127.0.0.1:8080/x",
                "http://127.9.9.9/x",
                "http://0.0.0.0/x",
                "http://10.1.2.3/x",
                "http://172.16.0.1/x",
                "http://192.168.1.1/x",
                "http://169.254.169.254/latest/meta-data",
                "http://168.63.129.16/x",
                "http://100.64.0.1/x",
                "http://198.18.0.1/x",
                "http://224.0.0.1/x",
                "http://[::1]/x",
                "http://[fe80::1]/x",
                "http://[fd00:ec2::254]/x",
                "http://[::ffff:10.0.0.1]/x",
                "http://[64:ff9b::a00:1]/x",
                "http://[2002:7f00:1::]/x"
            })
    void addressesThatAreNotPublicAreRefused(String address) {
        assertThatThrownBy(() -> rules.check(URI.create(address)))
                .isInstanceOf(DownloadException.Refused.class)
                .hasMessageContaining("not a public address");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://8.8.8.8/x", "https://172.32.0.1/x", "http://[2606:4700::1111]/x"})
    void publicAddressesPass(String address) {
        assertThatCode(() -> rules.check(URI.create(address))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:///etc/passwd", "ftp://8.8.8.8/x", "train.parquet", "http:///x"})
    void onlyHttpWithAHostPasses(String address) {
        assertThatThrownBy(() -> rules.check(URI.create(address))).isInstanceOf(DownloadException.Refused.class);
    }

    @Test
    void aPublicNameThatPointsInsideIsRefused() {
        AddressRules rebound =
                new AddressRules(Set.of(), host -> new InetAddress[] {address(8, 8, 8, 8), address(10, 0, 0, 7)});

        assertThatThrownBy(() -> rebound.check(URI.create("https://data.example.com/train.parquet")))
                .isInstanceOf(DownloadException.Refused.class)
                .hasMessageContaining("10.0.0.7");
    }

    @Test
    void aNameWithoutAddressIsNotReachable() {
        AddressRules nameless = new AddressRules(Set.of(), host -> {
            throw new UnknownHostException(host);
        });

        assertThatThrownBy(() -> nameless.check(URI.create("https://data.example.com/train.parquet")))
                .isInstanceOf(DownloadException.Unreachable.class)
                .hasMessage("https://data.example.com/train.parquet: the name data.example.com has no address.");
    }

    @Test
    void allowedHostsPassWithOrWithoutTheirPort() {
        AddressRules mirrors = AddressRules.publicInternetAnd(Set.of("localhost", "127.0.0.1:5000", "[::1]"));

        assertThatCode(() -> mirrors.check(URI.create("http://localhost:81/x"))).doesNotThrowAnyException();
        assertThatCode(() -> mirrors.check(URI.create("http://127.0.0.1:5000/x")))
                .doesNotThrowAnyException();
        assertThatCode(() -> mirrors.check(URI.create("http://[::1]:81/x"))).doesNotThrowAnyException();
        assertThatThrownBy(() -> mirrors.check(URI.create("http://127.0.0.1:5001/x")))
                .isInstanceOf(DownloadException.Refused.class);
    }

    @Test
    void anAddressThatIsNotPublicIsRefusedWithTheSettingThatAllowsIt() {
        assertThatThrownBy(() -> rules.check(URI.create("http://10.1.2.3:9000/x")))
                .hasMessage(
                        "http://10.1.2.3:9000/x leads to 10.1.2.3, which is not a public address; if it is a mirror of"
                                + " yours, add 10.1.2.3 to data.allowedHosts of the chart, or to the variable"
                                + " KAITOFLOW_ALLOWED_HOSTS of the command.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://169.254.169.254/latest/meta-data",
                "http://168.63.129.16/x",
                "http://100.100.100.200/x",
                "http://[fe80::1]/x",
                "http://[fd00:ec2::254]/x",
                "http://[::ffff:169.254.169.254]/x",
                "http://[64:ff9b::a9fe:a9fe]/x"
            })
    void whereAMachineIsToldItsSecretsNoSettingLeads(String address) {
        URI uri = URI.create(address);
        AddressRules listed = AddressRules.publicInternetAnd(Set.of(uri.getHost()));

        assertThatThrownBy(() -> listed.check(uri))
                .isInstanceOf(DownloadException.Refused.class)
                .hasMessageEndingWith("one where a machine is told its own secrets; no setting allows it.");
    }

    @Test
    void anAllowedNameThatLeadsToAMetadataServiceIsRefused() {
        AddressRules rebound =
                new AddressRules(Set.of("mirror.svc"), host -> new InetAddress[] {address(169, 254, 169, 254)});

        assertThatThrownBy(() -> rebound.check(URI.create("http://mirror.svc/x")))
                .isInstanceOf(DownloadException.Refused.class)
                .hasMessageContaining("no setting allows it");
    }

    @Test
    void passwordsInAddressesAreRefusedAndNotRepeated() {
        assertThatThrownBy(() -> rules.check(URI.create("https://me:hunter2@8.8.8.8/x")))
                .isInstanceOf(DownloadException.Refused.class)
                .hasMessageNotContaining("hunter2");
    }

    private static InetAddress address(int... bytes) throws UnknownHostException {
        byte[] raw = new byte[bytes.length];
        for (int i = 0; i < raw.length; i++) {
            raw[i] = (byte) bytes[i];
        }
        return InetAddress.getByAddress(raw);
    }
}
