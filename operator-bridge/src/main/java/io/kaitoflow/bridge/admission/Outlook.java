package io.kaitoflow.bridge.admission;

import io.kaitoflow.workflows.preflight.Finding;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import java.util.List;

/** Whether a wish that nothing is wrong with could be fulfilled at all, as the installation is now. */
@FunctionalInterface
public interface Outlook {

    /** What speaks against it, in preflight's own words; asks nobody. */
    List<Finding> on(WorkspaceRequest request);
}
