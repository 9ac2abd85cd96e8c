package io.kaitoflow.temporal;

import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.kaitoflow.temporal.codec.EncryptingCodec;
import io.kaitoflow.temporal.codec.PayloadKeys;
import io.temporal.authorization.AuthorizationGrpcMetadataProvider;
import io.temporal.common.converter.CodecDataConverter;
import io.temporal.common.converter.DataConverter;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a process shows so that it is let in where it asks: the files of a folder. {@code token} goes with each call and is read anew
 * each time, so that a renewed one counts without a restart; with {@code ca.crt} the connection is encrypted, and only whoever has a
 * certificate of that authority is believed.
 *
 * @param folder empty where everybody is let in
 * @param payloadKeys folder with the keys by which payloads are kept secret; empty where they are kept as they are
 */
public record TemporalAccess(Optional<Path> folder, Optional<Path> payloadKeys) {

    /** The names of the files. */
    public static final String TOKEN = "token";

    public static final String AUTHORITY = "ca.crt";

    /** Where everybody is let in. */
    public static TemporalAccess open() {
        return new TemporalAccess(Optional.empty(), Optional.empty());
    }

    /** With the files of this folder. */
    public static TemporalAccess by(Path folder) {
        return new TemporalAccess(Optional.of(folder), Optional.empty());
    }

    /** The same, reading and writing payloads with these keys. */
    public TemporalAccess with(Optional<Path> keys) {
        return new TemporalAccess(folder, keys);
    }

    /** How what travels through Temporal is written. */
    DataConverter converter() {
        return payloadKeys
                .<DataConverter>map(keys -> new CodecDataConverter(
                        Messages.converter(), List.of(new EncryptingCodec(new PayloadKeys(keys))), true))
                .orElseGet(Messages::converter);
    }

    void applyTo(WorkflowServiceStubsOptions.Builder options) {
        folder.ifPresent(files -> {
            options.addGrpcMetadataProvider(
                    new AuthorizationGrpcMetadataProvider(() -> "Bearer " + token(files.resolve(TOKEN))));
            if (Files.exists(files.resolve(AUTHORITY))) {
                encrypt(options, files.resolve(AUTHORITY));
            }
        });
    }

    private static String token(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("Tried to read the token that opens Temporal from " + file, e);
        }
    }

    private static void encrypt(WorkflowServiceStubsOptions.Builder options, Path authority) {
        try {
            options.setSslContext(
                    GrpcSslContexts.forClient().trustManager(authority.toFile()).build());
        } catch (IOException | IllegalArgumentException e) {
            throw new TemporalException("The authority in " + authority + " cannot be read: " + e.getMessage(), e);
        }
    }
}
