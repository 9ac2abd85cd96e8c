package io.kaitoflow.temporal.codec;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.temporal.api.common.v1.Payload;
import io.temporal.common.converter.DataConverterException;
import io.temporal.payload.codec.PayloadCodec;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Encrypts every payload as a whole with AES-256-GCM; the name of the key stands beside it, and is bound to it. What is not encrypted is
 * read as it is, so runs that began without keys go on, and orders may be sent by hand in plain.
 */
public final class EncryptingCodec implements PayloadCodec {

    static final String ENCODING = "encoding";
    static final String ENCRYPTED = "binary/encrypted";
    static final String KEY = "encryption-key-id";

    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final PayloadKeys keys;
    private final SecureRandom random = new SecureRandom();

    public EncryptingCodec(PayloadKeys keys) {
        this.keys = keys;
    }

    @Override
    public List<Payload> encode(List<Payload> payloads) {
        return payloads.stream().map(this::encrypted).toList();
    }

    @Override
    public List<Payload> decode(List<Payload> payloads) {
        return payloads.stream()
                .map(payload -> ENCRYPTED.equals(said(payload, ENCODING)) ? decrypted(payload) : payload)
                .toList();
    }

    private Payload encrypted(Payload payload) {
        String name = keys.current();
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            ByteString data = ByteString.copyFrom(nonce)
                    .concat(ByteString.copyFrom(
                            cipher(Cipher.ENCRYPT_MODE, name, nonce).doFinal(payload.toByteArray())));
            return Payload.newBuilder()
                    .putMetadata(ENCODING, ByteString.copyFromUtf8(ENCRYPTED))
                    .putMetadata(KEY, ByteString.copyFromUtf8(name))
                    .setData(data)
                    .build();
        } catch (GeneralSecurityException e) {
            throw new DataConverterException("Every JVM has " + CIPHER, e);
        }
    }

    private Payload decrypted(Payload payload) {
        String name = said(payload, KEY);
        byte[] data = payload.getData().toByteArray();
        if (data.length <= NONCE_BYTES) {
            throw new DataConverterException("An encrypted payload ends before it begins.");
        }
        try {
            byte[] nonce = payload.getData().substring(0, NONCE_BYTES).toByteArray();
            return Payload.parseFrom(
                    cipher(Cipher.DECRYPT_MODE, name, nonce).doFinal(data, NONCE_BYTES, data.length - NONCE_BYTES));
        } catch (GeneralSecurityException | InvalidProtocolBufferException e) {
            throw new DataConverterException(
                    "A payload was changed after it was encrypted with the key " + name
                            + ", or that key is another now.",
                    e);
        }
    }

    private Cipher cipher(int mode, String name, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, keys.key(name), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(name.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private static String said(Payload payload, String name) {
        return payload.getMetadataOrDefault(name, ByteString.EMPTY).toStringUtf8();
    }
}
