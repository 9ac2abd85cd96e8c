package io.kaitoflow.temporal;

import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.common.SearchAttributeKey;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The search attributes that a server has to know before runs set them. A server whose database was lost has forgotten them, and
 * a run that sets one then is stuck until they are registered again.
 */
public final class Registration {

    private static final Logger LOG = LoggerFactory.getLogger(Registration.class);

    private final TemporalConnection connection;
    private final List<SearchAttributeKey<String>> keys;
    private volatile boolean searchable;
    private volatile String database;

    private Registration(TemporalConnection connection, List<SearchAttributeKey<String>> keys) {
        this.connection = connection;
        this.keys = keys;
        this.database = database();
        this.searchable = SearchAttributes.register(connection, keys);
    }

    /** Registers the attributes where that is allowed. */
    public static Registration of(TemporalConnection connection, List<SearchAttributeKey<String>> keys) {
        return new Registration(connection, keys);
    }

    /** Whether runs may set the attributes. */
    public boolean searchable() {
        return searchable;
    }

    /** Registers them again when the server's database is another one than before. */
    public synchronized void renew() {
        String now = database();
        if (!now.equals(database)) {
            LOG.warn("The Temporal server has another database than before; search attributes are registered anew");
            searchable = SearchAttributes.register(connection, keys);
            database = now;
        }
    }

    /** A namespace has an id of its own in each database. */
    private String database() {
        WorkflowClient client = connection.client();
        return client.getWorkflowServiceStubs()
                .blockingStub()
                .describeNamespace(DescribeNamespaceRequest.newBuilder()
                        .setNamespace(client.getOptions().getNamespace())
                        .build())
                .getNamespaceInfo()
                .getId();
    }
}
