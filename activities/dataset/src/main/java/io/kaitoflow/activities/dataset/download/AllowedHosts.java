package io.kaitoflow.activities.dataset.download;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Hosts that data may come from although their addresses are private: mirrors in the cluster, or beside a laptop.
 *
 * @param hosts {@code host} or {@code host:port}, in lower case
 */
public record AllowedHosts(Set<String> hosts) {

    /** Between commas. */
    public static final String VARIABLE = "KAITOFLOW_ALLOWED_HOSTS";

    private static final Pattern FORM =
            Pattern.compile("([a-z0-9]([a-z0-9.-]*[a-z0-9])?|\\[[0-9a-f:.]+])(:[0-9]{1,5})?");

    public AllowedHosts {
        hosts = Set.copyOf(hosts);
    }

    /** The public internet alone. */
    public static AllowedHosts none() {
        return new AllowedHosts(Set.of());
    }

    /** @throws IllegalArgumentException that names the variable, the value and the rule */
    public static AllowedHosts of(Map<String, String> environment) {
        return new AllowedHosts(Stream.of(environment.getOrDefault(VARIABLE, "").split("[,\\s]+"))
                .filter(word -> !word.isEmpty())
                .map(AllowedHosts::checked)
                .collect(Collectors.toUnmodifiableSet()));
    }

    private static String checked(String word) {
        String host = word.toLowerCase(Locale.ROOT);
        if (!FORM.matcher(host).matches()) {
            throw new IllegalArgumentException(VARIABLE + ": \"" + word
                    + "\" must be a host or host:port, e.g. minio.data.svc:9000, without a scheme, a path or a *.");
        }
        return host;
    }
}
