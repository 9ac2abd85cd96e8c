package io.kaitoflow.worker.tuner;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.kaitoflow.activities.dataset.ProgressListener;
import io.kaitoflow.activities.image.registry.OutwardProxy;
import io.kaitoflow.activities.image.registry.PrivateAuthorities;
import io.kaitoflow.workflows.preflight.AdapterTask;
import io.kaitoflow.workflows.preflight.InspectionAnswer;
import io.kaitoflow.workflows.tuning.DatasetActivities;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at a tuning job's data, or at adapters in volumes, where they lie, before a machine is bought, leaves what it saw in a file, and ends. */
public final class InspectMain {

    private static final String ADAPTER_TASK = "KAITOFLOW_ADAPTER_TASK";

    private InspectMain() {}

    /** The process; it ends with 0 whatever the data are, and with 1 and one sentence when it could not look. */
    public static void main(String[] arguments) throws IOException {
        System.setProperty("logback.configurationFile", "io/kaitoflow/worker/tuner/logback.xml");
        Logger log = LoggerFactory.getLogger(InspectMain.class);
        try {
            inspect(System.getenv(), log);
        } catch (RuntimeException broken) {
            log.debug("Looking failed", broken);
            // The last line is what the kubelet quotes.
            System.err.println(broken.getMessage());
            System.exit(1);
        }
    }

    private static void inspect(Map<String, String> environment, Logger log) throws IOException {
        PrivateAuthorities.trust(environment);
        OutwardProxy.use(environment);
        PodEnvironment pod = new PodEnvironment(environment);
        WorkspaceObjects objects = PodObjects.in(Path.of(pod.required("KAITOFLOW_SECRETS")), environment);
        LocalRooms rooms =
                LocalRooms.ofPod(new LocalHome(Path.of(pod.required("KAITOFLOW_HOME"))), objects, environment);
        InspectionAnswer answer = environment.containsKey(ADAPTER_TASK)
                ? adapters(objects, read(pod.required(ADAPTER_TASK), AdapterTask.class))
                : PodAnswer.of(
                        new JobInspection(rooms, progress(log)),
                        read(pod.required("KAITOFLOW_TASK"), DatasetActivities.Input.class));
        answer.findings().forEach(finding -> log.info("{}: {}", finding.severity(), finding.message()));
        Files.writeString(Path.of(pod.required("KAITOFLOW_ANSWER")), PodAnswer.written(answer));
        log.info("Everything was looked at");
    }

    private static InspectionAnswer adapters(WorkspaceObjects objects, AdapterTask task) {
        return new InspectionAnswer(Optional.empty(), new AdapterLook(objects).at(task));
    }

    private static <T> T read(String file, Class<T> type) throws IOException {
        return JsonMapper.builder()
                .addModule(new Jdk8Module())
                .build()
                .readValue(Path.of(file).toFile(), type);
    }

    private static ProgressListener progress(Logger log) {
        return (activity, done, total) -> log.debug("{} {}/{}", activity, done, total);
    }
}
