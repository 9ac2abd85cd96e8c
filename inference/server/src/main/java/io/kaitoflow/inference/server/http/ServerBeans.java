package io.kaitoflow.inference.server.http;

import io.kaitoflow.inference.server.HttpSettings;
import io.kaitoflow.inference.server.adapters.AdapterDesk;
import io.kaitoflow.inference.server.adapters.AdapterFollower;
import io.kaitoflow.inference.server.chat.ChatService;
import io.kaitoflow.inference.server.chat.Readiness;
import io.kaitoflow.inference.server.chat.RunningReplies;
import io.kaitoflow.inference.server.chat.ServedNames;
import io.kaitoflow.inference.server.chat.ServingMetrics;
import io.kaitoflow.inference.server.keys.Doorkeeper;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;

/** The objects behind the controllers. */
@Factory
final class ServerBeans {

    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }

    @Singleton
    Seeds seeds() {
        return new SecureRandom()::nextLong;
    }

    @Singleton
    @Bean(preDestroy = "close")
    PrometheusMeterRegistry registry() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        new JvmMemoryMetrics().bindTo(registry);
        return registry;
    }

    @Context
    @Bean(preDestroy = "close")
    Doorkeeper doorkeeper(HttpSettings settings) {
        return Doorkeeper.of(settings.keys());
    }

    @Singleton
    AdapterDesk adapterDesk(Readiness readiness, ServedNames names, HttpSettings settings) {
        return new AdapterDesk(readiness, names, settings.adapters());
    }

    @Context
    @Bean(preDestroy = "close")
    AdapterFollower adapterFollower(HttpSettings settings, AdapterDesk desk, Readiness readiness) {
        return AdapterFollower.start(settings.adapters(), desk, readiness);
    }

    @Singleton
    @Bean(preDestroy = "close")
    ChatService chatService(
            Readiness readiness,
            ServedNames names,
            HttpSettings settings,
            RunningReplies running,
            PrometheusMeterRegistry registry) {
        ServingMetrics metrics = new ServingMetrics(registry, running, readiness);
        return new ChatService(readiness, names, settings.deadline(), running, metrics);
    }
}
