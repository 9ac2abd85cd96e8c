package io.kaitoflow.bridge.translate;

import io.kaitoflow.bridge.api.DataSource;
import io.kaitoflow.bridge.api.InferenceSpec;
import io.kaitoflow.bridge.api.InferenceSpec.Adapter;
import io.kaitoflow.bridge.refusal.Findings;
import io.kaitoflow.workflows.request.AdapterReference;
import io.kaitoflow.workflows.request.SecretReference;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Translates {@code inference.adapters}. */
final class AdapterTranslator {

    private static final String PATH = "inference.adapters";
    private static final int MOST = 10;
    private static final Pattern STRENGTH = Pattern.compile(InferenceSpec.STRENGTH);

    private final ReferencedObjects references;
    private final Findings findings;
    private final Set<String> names = new HashSet<>();

    AdapterTranslator(ReferencedObjects references, Findings findings) {
        this.references = references;
        this.findings = findings;
    }

    List<AdapterReference> translate(List<Adapter> adapters) {
        if (adapters.size() > MOST) {
            findings.refuse(
                    PATH, adapters.size() + " adapters", "must be at most " + MOST, "Serve the others elsewhere.");
        }
        return IntStream.range(0, adapters.size())
                .mapToObj(i -> adapter(PATH + "[" + i + "]", adapters.get(i)))
                .flatMap(Optional::stream)
                .toList();
    }

    private Optional<AdapterReference> adapter(String path, Adapter adapter) {
        DataSource source = adapter.source();
        boolean image = source != null && source.image() != null;
        boolean volume = source != null && source.volumeSource() != null;
        double strength = strength(path + ".strength", Objects.requireNonNullElse(adapter.strength(), "1.0"));
        if (source == null || image == volume || !source.urls().isEmpty()) {
            findings.refuse(
                    path + ".source", "", "must have exactly one of image and volumeSource", "Name one of the two.");
            return Optional.empty();
        }
        String name = name(path + ".source.name", Objects.requireNonNullElse(source.name(), ""));
        if (volume) {
            String field = path + ".source.volumeSource";
            return new VolumeTranslator(findings)
                    .translate(field, Objects.requireNonNull(source.volumeSource()))
                    .map(found -> references.asItIsNow(field, found, findings))
                    .map(found -> new AdapterReference(name, found, strength));
        }
        ImageField field = new ImageField(findings);
        List<SecretReference> secrets =
                field.pullSecrets(path + ".source.imagePullSecrets", source.imagePullSecrets(), references);
        return field.parse(path + ".source.image", Objects.requireNonNull(source.image()))
                .map(reference -> new AdapterReference(name, reference, secrets, strength));
    }

    private String name(String path, String name) {
        if (name.isBlank()) {
            findings.refuse(path, "", "is required", "Give the adapter a name; requests use it as the model's.");
        } else if (!names.add(name)) {
            findings.refuse(path, name, "is used twice", "Give each adapter its own name.");
        }
        return name;
    }

    private double strength(String path, String text) {
        if (STRENGTH.matcher(text).matches() && Double.parseDouble(text) <= 1) {
            return Double.parseDouble(text);
        }
        findings.refuse(path, text, "must be a number from 0 to 1", "Write e.g. \"0.5\", in quotes.");
        return 1;
    }
}
