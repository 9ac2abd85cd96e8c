package io.kaitoflow.worker.tuner;

import io.kaitoflow.activities.image.report.ReportImages;
import io.kaitoflow.activities.tuning.ReportShelf;
import io.kaitoflow.activities.tuning.report.TrainingReport;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.workflows.report.AttachedReport;
import io.kaitoflow.workflows.report.ReportActivities;
import io.kaitoflow.workflows.request.OutputTarget;
import io.kaitoflow.workflows.tuning.PushedImage;
import java.nio.file.Path;
import java.util.Optional;

/** Reports beside results: attached to the image, or two files more in the volume. */
record ResultReports(ReportImages images) implements ReportShelf {

    @Override
    public AttachedReport put(ReportActivities.Input input, TrainingReport report) {
        return switch (input.trained().job().output()) {
            case OutputTarget.Image target -> attach(target, input, report);
            case OutputTarget.Volume _ -> write(Path.of(input.image().location()), report);
        };
    }

    private AttachedReport attach(OutputTarget.Image target, ReportActivities.Input input, TrainingReport report) {
        PushedImage pushed = input.image();
        ImageReference image = pushed.image().withDigest(pushed.digest());
        Digest digest = images.attach(
                image,
                target.pushSecret().stream().toList(),
                new ReportImages.Report(report.json(), report.page()),
                input.journey().pushedAt());
        return new AttachedReport(
                Optional.of(digest), true, "The training report " + digest + " is attached to " + pushed.image() + ".");
    }

    private static AttachedReport write(Path folder, TrainingReport report) {
        report.write(folder);
        return new AttachedReport(
                Optional.empty(), true, "The training report is " + folder.resolve(TrainingReport.PAGE) + ".");
    }
}
