package io.kaitoflow.inference.server.http;

import io.kaitoflow.inference.server.chat.Readiness;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Filter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;

/** While the server leaves, each answer is the last on its connection: the next request of that caller finds another server. */
@ServerFilter(Filter.MATCH_ALL_PATTERN)
final class LastCalls {

    private final Readiness readiness;

    LastCalls(Readiness readiness) {
        this.readiness = readiness;
    }

    @ResponseFilter
    void tell(MutableHttpResponse<?> response) {
        if (readiness.isLeaving()) {
            response.header(HttpHeaders.CONNECTION, "close");
        }
    }
}
