package io.kaitoflow.gateway;

import io.temporal.api.common.v1.Payloads;
import io.temporal.api.failure.v1.Failure;
import io.temporal.common.converter.CodecDataConverter;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.payload.codec.PayloadCodec;
import java.util.List;
import java.util.Optional;

/**
 * Decrypts what a tuner is given and encrypts what it tells, so that a tuner, which nobody trusts, needs no key of the installation.
 *
 * @param codec of the installation; empty where payloads are kept as they are
 */
record Veil(Optional<PayloadCodec> codec) {

    private static final DataConverter PLAIN = DefaultDataConverter.STANDARD_INSTANCE;

    Payloads lifted(Payloads kept) {
        return codec.map(installed -> Payloads.newBuilder()
                        .addAllPayloads(installed.decode(kept.getPayloadsList()))
                        .build())
                .orElse(kept);
    }

    Payloads drawn(Payloads told) {
        return codec.map(installed -> Payloads.newBuilder()
                        .addAllPayloads(installed.encode(told.getPayloadsList()))
                        .build())
                .orElse(told);
    }

    /** Its message and stack too. */
    Failure drawn(Failure told) {
        return codec.map(installed -> new CodecDataConverter(PLAIN, List.of(installed), true)
                        .exceptionToFailure(PLAIN.failureToException(told)))
                .orElse(told);
    }
}
