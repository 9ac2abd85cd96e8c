package io.kaitoflow.temporal;

import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.common.converter.JacksonJsonPayloadConverter;

/** How what travels through Temporal is written. */
final class Messages {

    private static final int KEPT_BUFFERS = 16;

    private Messages() {}

    /**
     * The SDK's JSON. What is not known is passed over: while replicas are replaced, and after a way back, one reads what a newer one wrote,
     * and the SDK drops a signal that cannot be read. Buffers are kept by a few for all: Jackson keeps them by thread otherwise, and each cached run has several
     * threads of its own. The SDK writes markers by an instance that no option replaces, so that one is told the same.
     */
    static DataConverter converter() {
        ObjectMapper mapper = JacksonJsonPayloadConverter.newDefaultObjectMapper();
        mapper.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
        mapper.getFactory().setRecyclerPool(JsonRecyclerPools.newBoundedPool(KEPT_BUFFERS));
        JacksonJsonPayloadConverter json = new JacksonJsonPayloadConverter(mapper);
        if (DefaultDataConverter.STANDARD_INSTANCE instanceof DefaultDataConverter standard) {
            standard.withPayloadConverterOverrides(json);
        }
        return DefaultDataConverter.newDefaultInstance().withPayloadConverterOverrides(json);
    }
}
