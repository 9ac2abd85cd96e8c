package io.kaitoflow.bridge.reconcile;

import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.status.Announcement;
import io.kaitoflow.bridge.status.Announcer;
import io.kaitoflow.bridge.status.StatusBoard;
import io.kaitoflow.bridge.translate.WorkspaceTranslator;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides when a deleted object may go: when nothing of it is left, or when its owner insists. One replica decides. */
public final class Departures {

    private static final Logger LOG = LoggerFactory.getLogger(Departures.class);
    private static final String FORCE = "kaito.sh/force-delete";

    private final StatusBoard board;
    private final BooleanSupplier leading;
    private final Announcer announcer;

    public Departures(StatusBoard board, BooleanSupplier leading, Announcer announcer) {
        this.board = board;
        this.leading = leading;
        this.announcer = announcer;
    }

    boolean mayGo(Workspace workspace) {
        if (!leading.getAsBoolean()) {
            return false;
        }
        WorkspaceId id = WorkspaceTranslator.idOf(workspace);
        if (board.released(id)) {
            return true;
        }
        boolean forced = insistedOn(workspace);
        if (forced) {
            abandon(id, board.leftOf(id));
        }
        return forced;
    }

    private void abandon(WorkspaceId id, List<String> left) {
        LOG.atWarn()
                .addKeyValue("namespace", id.namespace())
                .addKeyValue("workspace", id.name())
                .log("The object goes by force. Left behind: {}", left);
        announcer.announce(id, abandonment(left));
    }

    private static boolean insistedOn(Workspace workspace) {
        Map<String, String> annotations =
                Objects.requireNonNullElse(workspace.getMetadata().getAnnotations(), Map.of());
        return "true".equalsIgnoreCase(annotations.get(FORCE));
    }

    private static Announcement abandonment(List<String> left) {
        String what = left.isEmpty() ? "nothing that is known" : String.join("; ", left);
        return Announcement.warning(
                "ForceDeleted",
                "The object goes before its provider is done. Left behind: " + what
                        + ". The workflow goes on giving it back; look at the provider all the same.");
    }
}
