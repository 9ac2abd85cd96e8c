package io.kaitoflow.worker.cli;

import io.kaitoflow.activities.model.FetchedModel;
import io.kaitoflow.activities.model.HubToken;
import io.kaitoflow.activities.model.ModelException;
import io.kaitoflow.presets.Preset;
import io.kaitoflow.presets.PresetCatalogue;
import io.kaitoflow.worker.cli.terminal.CommandFailure;
import io.kaitoflow.worker.cli.terminal.ExitCode;
import io.kaitoflow.worker.cli.terminal.ProgressDisplay;
import io.kaitoflow.worker.cli.terminal.Terminal;
import io.kaitoflow.worker.cli.terminal.TerminalProgress;
import io.kaitoflow.worker.tuner.LocalHome;
import io.kaitoflow.worker.tuner.LocalRooms;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code kaitoflow models pull}: a model's files into the home folder, checked by digest. */
@Command(
        name = "pull",
        description = "Fetches a model of the catalogue; a gated one needs HF_TOKEN in the environment.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  kaitoflow models pull smollm2-135m-instruct"})
final class ModelsPullCommand implements Callable<Integer> {

    @Mixin
    private HomeOption homeOption = new HomeOption();

    @Parameters(paramLabel = "NAME", description = "A name that models list prints.")
    private String name = "";

    @Override
    public Integer call() {
        LocalHome home = homeOption.prepared();
        Preset preset = preset(name);
        LocalRooms rooms = new LocalRooms(home, home.objects("models"), System.getenv());
        Optional<HubToken> token =
                Optional.ofNullable(System.getenv("HF_TOKEN")).map(HubToken::new);
        try (ProgressDisplay display =
                new ProgressDisplay(System.err, Terminal.isInteractive(), InstantSource.system())) {
            FetchedModel model = rooms.models().fetch(preset, token, new TerminalProgress(display));
            display.close();
            System.out.println(model.path() + "  " + model.digest());
            return ExitCode.OK;
        } catch (ModelException e) {
            throw new CommandFailure(ExitCode.FAILED, String.valueOf(e.getMessage()));
        }
    }

    private static Preset preset(String name) {
        PresetCatalogue catalogue = PresetCatalogue.load();
        return catalogue
                .find(name)
                .orElseThrow(() -> new CommandFailure(
                        ExitCode.REFUSED,
                        "\"" + name + "\" is no model of the catalogue"
                                + catalogue.names().suggestion(name) + " See: kaitoflow models list"));
    }
}
