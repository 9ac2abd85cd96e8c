package io.kaitoflow.temporal;

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
 * What a process shows so that it is let in where it asks: the files of a folder. {@code token}, an API key for instance, goes with each
 * call and is read anew each time, so that a renewed one counts without a restart; with {@code ca.crt} the connection is encrypted, and
 * only whoever has a certificate of that authority is believed; {@code tls.crt} and {@code tls.key} are shown to whoever asks for a
 * certificate.
 *
 * @param folder empty where everybody is let in
 * @param encrypted whether the connection is encrypted although no authority is given: the public ones are believed
 * @param payloadKeys folder with the keys by which payloads are kept secret; empty where they are kept as they are
 */
public record TemporalAccess(Optional<Path> folder, boolean encrypted, Optional<Path> payloadKeys) {

    /** The names of the files. */
    public static final String TOKEN = "token";

    public static final String AUTHORITY = FolderCertificates.AUTHORITY;

    /** Where everybody is let in. */
    public static TemporalAccess open() {
        return new TemporalAccess(Optional.empty(), false, Optional.empty());
    }

    /** With the files of this folder. */
    public static TemporalAccess by(Path folder) {
        return new TemporalAccess(Optional.of(folder), false, Optional.empty());
    }

    /** Where nothing is told to whom a public authority, or that of the folder, does not vouch for. */
    public TemporalAccess overTls() {
        return new TemporalAccess(folder, true, payloadKeys);
    }

    /** The same, reading and writing payloads with these keys. */
    public TemporalAccess with(Optional<Path> keys) {
        return new TemporalAccess(folder, encrypted, keys);
    }

    /** How what travels through Temporal is written. */
    DataConverter converter() {
        return payloadKeys
                .<DataConverter>map(keys -> new CodecDataConverter(
                        Messages.converter(), List.of(new EncryptingCodec(new PayloadKeys(keys))), true))
                .orElseGet(Messages::converter);
    }

    /** @param looks at the files that may be renewed; end with the connection */
    void applyTo(WorkflowServiceStubsOptions.Builder options, FileLooks looks) {
        folder.map(files -> files.resolve(TOKEN))
                .filter(Files::exists)
                .ifPresent(file -> options.addGrpcMetadataProvider(
                        new AuthorizationGrpcMetadataProvider(() -> "Bearer " + token(file))));
        Optional<FolderCertificates> certificates = folder.map(FolderCertificates::new);
        if (certificates.filter(FolderCertificates::exist).isPresent()) {
            options.setSslContext(certificates.orElseThrow().client(looks));
        } else if (encrypted) {
            options.setEnableHttps(true);
        }
    }

    private static String token(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("Tried to read the token that opens Temporal from " + file, e);
        }
    }
}
