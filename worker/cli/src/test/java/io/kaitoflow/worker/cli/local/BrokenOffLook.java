package io.kaitoflow.worker.cli.local;

import io.kaitoflow.activities.dataset.download.AllowedHosts;
import io.kaitoflow.presets.GpuCatalogue;
import io.kaitoflow.worker.tuner.LocalHome;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/** A process that is ended while it looks, as Ctrl-C ends it. */
final class BrokenOffLook {

    static final int LOGINS_WERE_THERE = 7;

    private BrokenOffLook() {}

    public static void main(String[] manifestAndHome) {
        UserLogin login =
                new UserLogin(Optional.of("{\"auths\":{}}".getBytes(StandardCharsets.UTF_8)), Optional.of("hf_secret"));
        LookedAtObjects objects = LookedAtObjects.of(
                LocalApply.of(
                        Path.of(manifestAndHome[0]),
                        GpuCatalogue.load(),
                        login,
                        AllowedHosts.none(),
                        Clock.systemUTC()),
                new LocalHome(Path.of(manifestAndHome[1])));
        System.exit(Files.exists(objects.objects().secret("push")) ? LOGINS_WERE_THERE : 1);
    }
}
