package io.kaitoflow.gateway;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.temporal.api.taskqueue.v1.TaskQueue;
import io.temporal.api.workflowservice.v1.PollActivityTaskQueueRequest;
import io.temporal.api.workflowservice.v1.PollActivityTaskQueueResponse;
import io.temporal.api.workflowservice.v1.WorkflowServiceGrpc;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;

/** Whoever comes to the gateway with a token, and asks for whatever comes to its mind. */
final class Visitor implements AutoCloseable {

    private final ManagedChannel channel;
    private final io.grpc.Channel asking;

    Visitor(int port, String token) {
        channel = Grpc.newChannelBuilder("127.0.0.1:" + port, InsecureChannelCredentials.create())
                .build();
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
        asking = ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    WorkflowServiceGrpc.WorkflowServiceBlockingStub calls() {
        return WorkflowServiceGrpc.newBlockingStub(asking).withDeadlineAfter(60, TimeUnit.SECONDS);
    }

    WorkflowServiceGrpc.WorkflowServiceFutureStub callsLater() {
        return WorkflowServiceGrpc.newFutureStub(asking).withDeadlineAfter(60, TimeUnit.SECONDS);
    }

    static PollActivityTaskQueueRequest poll(String queue) {
        return PollActivityTaskQueueRequest.newBuilder()
                .setNamespace("default")
                .setIdentity("visitor")
                .setTaskQueue(TaskQueue.newBuilder().setName(queue))
                .build();
    }

    /** The next task of a queue. A poll that ends without one is made again. */
    PollActivityTaskQueueResponse task(String queue) {
        PollActivityTaskQueueResponse answer;
        do {
            answer = calls().pollActivityTaskQueue(poll(queue));
        } while (answer.getTaskToken().isEmpty());
        return answer;
    }

    /** How a call by this name, with nothing in it, is refused. */
    StatusRuntimeException refusal(String method) {
        MethodDescriptor<ByteString, ByteString> descriptor = MethodDescriptor.<ByteString, ByteString>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(method)
                .setRequestMarshaller(new Bytes())
                .setResponseMarshaller(new Bytes())
                .build();
        try {
            ByteString answer = ClientCalls.blockingUnaryCall(
                    asking, descriptor, CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.SECONDS), ByteString.EMPTY);
            throw new AssertionError(method + " was answered: " + answer);
        } catch (StatusRuntimeException refused) {
            return refused;
        }
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<ByteString> {

        @Override
        public InputStream stream(ByteString value) {
            return new ByteArrayInputStream(value.toByteArray());
        }

        @Override
        public ByteString parse(InputStream stream) {
            try {
                return ByteString.readFrom(stream);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
