package io.kaitoflow.worker.cli;

import io.kaitoflow.temporal.TemporalAccess;
import io.kaitoflow.temporal.TemporalAddress;
import io.kaitoflow.temporal.TemporalConnection;
import io.kaitoflow.temporal.TemporalException;
import io.kaitoflow.worker.cli.local.RunnerFile;
import io.kaitoflow.worker.cli.local.StatusFile;
import io.kaitoflow.worker.cli.terminal.CommandFailure;
import io.kaitoflow.worker.cli.terminal.ExitCode;
import io.kaitoflow.worker.control.OrderRefusedException;
import io.kaitoflow.worker.control.WorkspaceClient;
import io.kaitoflow.worker.tuner.LocalHome;
import io.kaitoflow.workflows.request.Order;
import io.kaitoflow.workflows.request.Verb.Action;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kaitoflow pause} and its like: orders for a run, on this machine or of a cluster, and what it answers. */
abstract class OrderCommand implements Callable<Integer> {

    @Mixin
    private HomeOption homeOption = new HomeOption();

    @Mixin
    private NamespaceOption namespace = new NamespaceOption();

    @Option(names = "--reason", description = "Shown in the status.")
    private String reason = "";

    @Option(
            names = "--temporal",
            paramLabel = "HOST:PORT",
            description =
                    "Temporal server that keeps the run (default: $$TEMPORAL_ADDRESS, else that of the run here).")
    private Optional<String> temporal = Optional.ofNullable(System.getenv("TEMPORAL_ADDRESS"));

    @Option(
            names = "--payload-keys",
            paramLabel = "DIR",
            description = "Folder with the keys of a cluster that keeps its payloads secret (default:"
                    + " $$KAITOFLOW_PAYLOAD_KEYS, else none).")
    private Optional<Path> payloadKeys =
            Optional.ofNullable(System.getenv("KAITOFLOW_PAYLOAD_KEYS")).map(Path::of);

    @Parameters(paramLabel = "NAME", description = "The workspace.")
    private String name = "";

    /** What is ordered, once everything was read. */
    abstract Order order(String reason);

    /** {@code kaitoflow pause}. */
    @Command(
            name = "pause",
            description = "Stops a workspace's work: its checkpoint is kept, its machines go back.",
            footer = {
                "",
                "Examples:",
                "  kaitoflow pause tune-smollm2",
                "  kaitoflow pause tune-smollm2 --reason \"too dear today\""
            })
    static final class Pause extends OrderCommand {
        @Override
        Order order(String reason) {
            return Order.next(Action.PAUSE, reason);
        }
    }

    /** {@code kaitoflow resume}. */
    @Command(
            name = "resume",
            description = "Goes on with a workspace that was paused.",
            footer = {
                "",
                "Examples:",
                "  kaitoflow resume tune-smollm2",
                "  kaitoflow resume tune-smollm2 --temporal 127.0.0.1:7233"
            })
    static final class Resume extends OrderCommand {
        @Override
        Order order(String reason) {
            return Order.next(Action.RESUME, reason);
        }
    }

    /** {@code kaitoflow cancel}. */
    @Command(
            name = "cancel",
            description = "Ends a workspace's work: its checkpoint is kept, its machines go back.",
            footer = {
                "",
                "Examples:",
                "  kaitoflow cancel tune-smollm2",
                "  kaitoflow cancel tune-smollm2 --namespace research"
            })
    static final class Cancel extends OrderCommand {
        @Override
        Order order(String reason) {
            return Order.next(Action.CANCEL, reason);
        }
    }

    /** {@code kaitoflow retry}. */
    @Command(
            name = "retry",
            description = "Tries again what failed or was cancelled, from the last checkpoint.",
            footer = {
                "",
                "Examples:",
                "  kaitoflow retry tune-smollm2",
                "  kaitoflow retry tune-smollm2 --temporal 127.0.0.1:7233"
            })
    static final class Retry extends OrderCommand {
        @Override
        Order order(String reason) {
            return Order.next(Action.RETRY, reason);
        }
    }

    /** {@code kaitoflow extend}. */
    @Command(
            name = "extend",
            description = "Lets a workspace's tuning go on beyond the budget or the time that was set for it.",
            footer = {
                "",
                "Examples:",
                "  kaitoflow extend tune-smollm2 --budget-usd 40",
                "  kaitoflow extend tune-smollm2 --max-hours 12 --reason \"the deadline\""
            })
    static final class Extend extends OrderCommand {

        @ArgGroup(exclusive = false, multiplicity = "1")
        private Bounds bounds = new Bounds();

        private static final class Bounds {

            @Option(names = "--budget-usd", paramLabel = "USD", description = "Most money from now on, all of it.")
            private Optional<BigDecimal> budgetUsd = Optional.empty();

            @Option(names = "--max-hours", paramLabel = "HOURS", description = "Most time from now on, all of it.")
            private Optional<BigDecimal> maxHours = Optional.empty();
        }

        @Override
        Order order(String reason) {
            return Order.extend(bounds.budgetUsd, bounds.maxHours, reason);
        }
    }

    @Override
    public Integer call() {
        LocalHome home = homeOption.prepared();
        Optional<WorkspaceId> here =
                new StatusFile(home).find(namespace.name(), name).map(WorkspaceSnapshot::id);
        TemporalAddress server = temporal.map(OrderCommand::address)
                .or(() -> here.flatMap(id -> new RunnerFile(home.workspace(id)).temporal()))
                .orElseThrow(this::unknown);
        try (TemporalConnection connection =
                TemporalConnection.open(server, TemporalAccess.open().with(payloadKeys))) {
            WorkspaceClient client = new WorkspaceClient(connection, true);
            WorkspaceId id = here.filter(client::running)
                    .or(() -> client.find(namespace.name(), name))
                    .orElseThrow(this::unknown);
            System.out.println(client.ask(id, order(reason)));
            return ExitCode.OK;
        } catch (OrderRefusedException refused) {
            throw new CommandFailure(ExitCode.REFUSED, String.valueOf(refused.getMessage()));
        } catch (TemporalException nobody) {
            throw new CommandFailure(ExitCode.FAILED, String.valueOf(nobody.getMessage()));
        }
    }

    private static TemporalAddress address(String words) {
        try {
            return TemporalAddress.of(words);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()));
        }
    }

    private CommandFailure unknown() {
        return new CommandFailure(
                ExitCode.REFUSED,
                "No run of workspace " + namespace.name() + "/" + name
                        + " is known; see kaitoflow get, or name the cluster's Temporal server with --temporal.");
    }
}
