package io.kaitoflow.bridge.translate;

import io.kaitoflow.bridge.refusal.MissingObject;
import io.kaitoflow.bridge.refusal.Refusal;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import java.util.List;

/** What became of a workspace. */
public sealed interface Translation {

    /** Things a user may want to know; never a reason to stop. */
    List<String> notes();

    /** It can be acted on. */
    record Accepted(WorkspaceRequest request, List<String> notes) implements Translation {
        public Accepted {
            notes = List.copyOf(notes);
        }
    }

    /** Nothing is wrong, but something that it names is not there yet. */
    record Waiting(List<MissingObject> missing, List<String> notes) implements Translation {
        public Waiting {
            missing = List.copyOf(missing);
            notes = List.copyOf(notes);
        }
    }

    /** It is wrong; all mistakes are listed, not only the first. */
    record Refused(List<Refusal> refusals, List<String> notes) implements Translation {
        public Refused {
            refusals = List.copyOf(refusals);
            notes = List.copyOf(notes);
        }
    }
}
