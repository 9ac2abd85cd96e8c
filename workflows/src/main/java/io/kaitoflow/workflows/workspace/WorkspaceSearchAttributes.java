package io.kaitoflow.workflows.workspace;

import io.temporal.common.SearchAttributeKey;
import java.util.List;

/** Names by which runs can be found in the Web UI and the command line. */
public final class WorkspaceSearchAttributes {

    /** The phase's label. */
    public static final SearchAttributeKey<String> PHASE = SearchAttributeKey.forKeyword("WorkspacePhase");

    /** The workspace's namespace. */
    public static final SearchAttributeKey<String> NAMESPACE = SearchAttributeKey.forKeyword("WorkspaceNamespace");

    /** The base model. */
    public static final SearchAttributeKey<String> PRESET = SearchAttributeKey.forKeyword("WorkspacePreset");

    /** The leased machine's kind. */
    public static final SearchAttributeKey<String> INSTANCE_TYPE =
            SearchAttributeKey.forKeyword("WorkspaceInstanceType");

    /** All of them, to be registered before the first run. */
    public static final List<SearchAttributeKey<String>> ALL = List.of(PHASE, NAMESPACE, PRESET, INSTANCE_TYPE);

    private WorkspaceSearchAttributes() {}
}
