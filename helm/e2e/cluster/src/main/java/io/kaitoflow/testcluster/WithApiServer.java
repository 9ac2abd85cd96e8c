package io.kaitoflow.testcluster;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests an {@link ApiServer}: one for all test classes of a JVM, started when the first asks for it and closed after the
 * last. Tests keep apart by namespaces; one that kills the server starts its own.
 */
public final class WithApiServer implements ParameterResolver {

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == ApiServer.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.create(WithApiServer.class))
                .computeIfAbsent("server", key -> ApiServer.start(), ApiServer.class);
    }
}
