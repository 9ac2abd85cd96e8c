package io.kaitoflow.gateway;

import com.google.common.io.ByteStreams;
import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Refuses every call that nobody offers, whatever service it is of. */
final class NothingElse extends HandlerRegistry {

    private static final Logger LOG = LoggerFactory.getLogger(NothingElse.class);

    @Override
    public ServerMethodDefinition<?, ?> lookupMethod(String name, @Nullable String authority) {
        return ServerMethodDefinition.create(
                MethodDescriptor.<byte[], byte[]>newBuilder()
                        .setType(MethodDescriptor.MethodType.UNKNOWN)
                        .setFullMethodName(name)
                        .setRequestMarshaller(new Bytes())
                        .setResponseMarshaller(new Bytes())
                        .build(),
                (call, headers) -> refuse(name, call));
    }

    private static ServerCall.Listener<byte[]> refuse(String name, ServerCall<byte[], byte[]> call) {
        LOG.warn("The tuner of {} asked for {}, which no tuner may", TokenCheck.UID.get(), name);
        call.close(Status.PERMISSION_DENIED.withDescription("No tuner may call " + name + "."), new Metadata());
        return new ServerCall.Listener<>() {};
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {

        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return ByteStreams.toByteArray(stream);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
