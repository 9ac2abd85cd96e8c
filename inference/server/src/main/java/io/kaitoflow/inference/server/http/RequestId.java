package io.kaitoflow.inference.server.http;

import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Filter;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import java.util.HexFormat;

/** Gives every answer an id, the caller's own where it sent a short plain one, so that both sides can name a request. */
@ServerFilter(Filter.MATCH_ALL_PATTERN)
final class RequestId implements Ordered {

    private static final String HEADER = "X-Request-Id";

    private final Seeds ids;

    RequestId(Seeds ids) {
        this.ids = ids;
    }

    /** Before those that refuse requests: refusals have an id too. */
    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    @RequestFilter
    void note(HttpRequest<?> request) {
        String given = request.getHeaders().get(HEADER);
        boolean usable = given != null && given.matches("[\\w.:-]{1,128}");
        request.setAttribute(HEADER, usable ? given : HexFormat.of().toHexDigits(ids.getAsLong()));
    }

    @ResponseFilter
    void tell(HttpRequest<?> request, MutableHttpResponse<?> response) {
        request.getAttribute(HEADER, String.class).ifPresent(id -> response.header(HEADER, id));
    }
}
