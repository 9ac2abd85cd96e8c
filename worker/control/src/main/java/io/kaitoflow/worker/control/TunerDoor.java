package io.kaitoflow.worker.control;

import io.kaitoflow.activities.rollout.cluster.access.TunerAccess;
import io.kaitoflow.bridge.admission.ServingCertificate;
import io.kaitoflow.gateway.GatewaySettings;
import io.kaitoflow.gateway.TunerGateway;
import io.kaitoflow.gateway.TunerTokens;
import io.kaitoflow.temporal.TemporalAccess;
import io.kaitoflow.temporal.TemporalConnection;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets tuners in to Temporal, each to its own queue, and makes the tokens by which it knows them. */
final class TunerDoor implements TunerAccess, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TunerDoor.class);

    /** Longer than all steps of a tuner together may take. */
    private static final Duration TOKEN = Duration.ofDays(9);

    private final TunerGateway gateway;
    private final TunerTokens tokens;
    private final Optional<Path> authority;

    private TunerDoor(TunerGateway gateway, TunerTokens tokens, Optional<Path> authority) {
        this.gateway = gateway;
        this.tokens = tokens;
        this.authority = authority;
    }

    /** @param connection stays the caller's */
    static TunerDoor open(
            DoorSettings settings,
            Optional<PrivacySettings> privacy,
            TemporalConnection connection,
            InstantSource clock) {
        GatewaySettings served = new GatewaySettings(
                settings.address(),
                settings.keys(),
                settings.tls()
                        .map(tls -> new ServingCertificate(tls.resolve("tls.crt"), tls.resolve("tls.key")))
                        .orElse(null),
                privacy.map(PrivacySettings::codec));
        TunerGateway gateway = TunerGateway.start(
                served,
                connection.client().getWorkflowServiceStubs(),
                connection.client().getOptions().getNamespace(),
                clock);
        LOG.info("Tuners are let in on port {}", gateway.port());
        return new TunerDoor(
                gateway,
                new TunerTokens(settings.keys(), clock),
                settings.tls().map(tls -> tls.resolve(TemporalAccess.AUTHORITY)));
    }

    @Override
    public Map<String, String> files(WorkspaceId id) {
        Map<String, String> files = new TreeMap<>();
        files.put(TemporalAccess.TOKEN, tokens.issue(id.uid(), TOKEN));
        authority.ifPresent(file -> files.put(TemporalAccess.AUTHORITY, read(file)));
        return files;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("Tried to read the authority that tuners are to trust from " + file, e);
        }
    }

    @Override
    public void close() {
        gateway.close();
    }
}
