package io.kaitoflow.temporal;

import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.common.converter.JacksonJsonPayloadConverter;

/** How what travels through Temporal is written. */
final class Messages {

    private static final int KEPT_BUFFERS = 16;

    private Messages() {}

    /**
     * The SDK's JSON. Buffers are kept by a few for all: Jackson keeps them by thread otherwise, and each cached run has several
     * threads of its own.
     */
    static DataConverter converter() {
        ObjectMapper mapper = JacksonJsonPayloadConverter.newDefaultObjectMapper();
        mapper.getFactory().setRecyclerPool(JsonRecyclerPools.newBoundedPool(KEPT_BUFFERS));
        return DefaultDataConverter.newDefaultInstance()
                .withPayloadConverterOverrides(new JacksonJsonPayloadConverter(mapper));
    }
}
