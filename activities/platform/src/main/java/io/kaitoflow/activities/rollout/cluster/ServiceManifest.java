package io.kaitoflow.activities.rollout.cluster;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.kaitoflow.activities.rollout.Role;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.util.List;

/**
 * The address under which a workspace's model answers. It stays while the server is replaced or stopped, so that whoever wrote it
 * down need not look it up again, and goes with the workspace.
 */
record ServiceManifest(String installation) {

    /** Where the server listens. */
    static final int SERVER_PORT = 5000;

    private static final int HTTP = 80;

    /** Of engines that spread a model over machines; nothing listens there on one. */
    private static final int TORCH = 29_500;

    /**
     * @param server the port of the pod that requests go to
     * @param reachedFromOutside then by a load balancer, and only where people ask
     */
    Service service(WorkspaceId id, int server, boolean reachedFromOutside) {
        ServicePort http = port("http", HTTP, server);
        List<ServicePort> ports = reachedFromOutside ? List.of(http) : List.of(http, port("torch", TORCH, TORCH));
        return new ServiceBuilder()
                .withMetadata(PodLabels.ofServer(id, installation))
                .withNewSpec()
                .withType(reachedFromOutside ? "LoadBalancer" : "ClusterIP")
                .withSelector(PodLabels.selector(id, Role.SERVER))
                .withPorts(ports)
                .endSpec()
                .build();
    }

    private static ServicePort port(String name, int port, int target) {
        return new ServicePortBuilder()
                .withName(name)
                .withProtocol("TCP")
                .withPort(port)
                .withNewTargetPort(target)
                .build();
    }
}
