package io.kaitoflow.activities.nodes.azure;

import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpClient;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.core.http.policy.FixedDelayOptions;
import com.azure.core.http.policy.RetryOptions;
import com.azure.core.http.policy.RetryPolicy;
import com.azure.core.management.AzureEnvironment;
import com.azure.core.management.profile.AzureProfile;
import com.azure.identity.ClientSecretCredentialBuilder;
import com.azure.identity.WorkloadIdentityCredentialBuilder;
import com.azure.resourcemanager.containerservice.ContainerServiceManager;
import com.azure.resourcemanager.containerservice.fluent.AgentPoolsClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;

/** Opens the way to Azure. */
final class AzureConnection {

    private static final Duration CONNECT = Duration.ofSeconds(10);

    /** Shorter than an activity may take: what timed out must not take effect later. */
    private static final Duration ANSWER = Duration.ofSeconds(30);

    private AzureConnection() {}

    static AgentPoolsClient open(AzureSettings settings) {
        HttpClient http = new JdkHttpClientBuilder()
                .connectionTimeout(CONNECT)
                .responseTimeout(ANSWER)
                .build();
        return ContainerServiceManager.configure()
                .withHttpClient(http)
                .withRetryPolicy(once())
                .authenticate(
                        credential(settings.identity(), http),
                        new AzureProfile(
                                settings.identity().tenant(),
                                settings.cluster().subscription(),
                                AzureEnvironment.AZURE))
                .serviceClient()
                .getAgentPools();
    }

    /** Who calls tries again, and knows how long that is worth it. */
    static RetryPolicy once() {
        return new RetryPolicy(new RetryOptions(new FixedDelayOptions(0, Duration.ofMillis(1))));
    }

    private static TokenCredential credential(AzureIdentity identity, HttpClient http) {
        return switch (identity) {
            case AzureIdentity.Workload workload ->
                new WorkloadIdentityCredentialBuilder()
                        .tenantId(workload.tenant())
                        .clientId(workload.client())
                        .tokenFilePath(workload.token().toString())
                        .httpClient(http)
                        .build();
            case AzureIdentity.ServicePrincipal principal ->
                new ClientSecretCredentialBuilder()
                        .tenantId(principal.tenant())
                        .clientId(principal.client())
                        .clientSecret(secret(principal))
                        .httpClient(http)
                        .build();
        };
    }

    private static String secret(AzureIdentity.ServicePrincipal principal) {
        try {
            return Files.readString(principal.secret()).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The password of the service principal cannot be read from " + principal.secret()
                            + "; mount it there.",
                    e);
        }
    }
}
