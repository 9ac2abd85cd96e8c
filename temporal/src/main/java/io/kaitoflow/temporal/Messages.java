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
     * threads of its own. The SDK writes markers by an instance that no option replaces, so that one is told the same.
     */
    static DataConverter converter() {
        ObjectMapper mapper = JacksonJsonPayloadConverter.newDefaultObjectMapper();
        mapper.getFactory().setRecyclerPool(JsonRecyclerPools.newBoundedPool(KEPT_BUFFERS));
        JacksonJsonPayloadConverter json = new JacksonJsonPayloadConverter(mapper);
        if (DefaultDataConverter.STANDARD_INSTANCE instanceof DefaultDataConverter standard) {
            standard.withPayloadConverterOverrides(json);
        }
        return DefaultDataConverter.newDefaultInstance().withPayloadConverterOverrides(json);
    }
}
