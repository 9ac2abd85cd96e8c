package io.kaitoflow.bridge.translate;

import io.fabric8.kubernetes.api.model.Secret;
import io.kaitoflow.bridge.refusal.Findings;
import io.kaitoflow.workflows.request.SecretReference;
import java.util.Optional;
import java.util.regex.Pattern;

/** Translates the annotations about who reaches a server, and by which keys. */
record AccessTranslator(Annotations annotations, ReferencedObjects references, Findings findings) {

    /** What the API server takes as the name of a Secret; longer texts are not matched. */
    private static final Pattern NAME =
            Pattern.compile("[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*");

    private static final int LONGEST_NAME = 253;

    /** Whether a server is reached from outside the cluster, and the keys of which its callers must show one. */
    record Access(boolean loadBalancer, Optional<SecretReference> keys) {}

    /** @param ownPod whether a pod of the owner's own serves, which nobody can make ask */
    Access translate(boolean ownPod) {
        boolean open = annotations.flag(AnnotationName.ENABLE_LOAD_BALANCER, false);
        Optional<String> secret = annotations.text(AnnotationName.API_KEYS);
        return ownPod ? ofOwnPod(open, secret) : ofServer(open, secret);
    }

    private Access ofOwnPod(boolean open, Optional<String> secret) {
        if (secret.isPresent()) {
            annotations.refuse(
                    AnnotationName.API_KEYS,
                    "goes with a preset, and not with a pod of your own",
                    "Have the pod ask for keys itself and remove the annotation, or name a preset.");
        }
        if (open) {
            noteOpening(
                    ": whether it asks for a key is up to your pod. Keep the load balancer inside your network, or have the pod"
                            + " ask.");
        }
        return new Access(open, Optional.empty());
    }

    private Access ofServer(boolean open, Optional<String> secret) {
        if (open && secret.isEmpty()) {
            annotations.refuse(
                    AnnotationName.ENABLE_LOAD_BALANCER,
                    "opens the server to whoever reaches its address, and needs keys that it asks for",
                    "Put keys into a Secret (kubectl create secret generic NAME --from-file=FILE), one a line, and name it by the"
                            + " annotation " + AnnotationName.API_KEYS.key() + ", or remove this one.");
        } else if (open) {
            noteOpening(
                    " and has a key. It speaks HTTP, so whoever listens on the way learns keys and questions: keep the load balancer"
                            + " inside your network, or put something that speaks TLS before it.");
        }
        return new Access(open, secret.filter(this::isName).map(this::seen));
    }

    private void noteOpening(String warning) {
        findings.note("Annotation " + AnnotationName.ENABLE_LOAD_BALANCER.key()
                + " opens the server to whoever reaches the load balancer's address" + warning);
    }

    private boolean isName(String name) {
        boolean right = name.length() <= LONGEST_NAME && NAME.matcher(name).matches();
        if (!right) {
            annotations.refuse(
                    AnnotationName.API_KEYS,
                    "must be the name of a Secret: at most 253 lower-case letters, digits, hyphens and dots, with a letter or a"
                            + " digit at both ends",
                    "Name the Secret that holds the keys, e.g. team-keys.");
        }
        return right;
    }

    /** One that is not there yet is waited for; one that cannot hold a key is refused. */
    private SecretReference seen(String name) {
        Optional<Secret> secret = references.secret(Annotations.path(AnnotationName.API_KEYS), name, findings);
        if (references.secretsRead()
                && secret.filter(ReferencedObjects::isEmpty).isPresent()) {
            annotations.refuse(
                    AnnotationName.API_KEYS,
                    "names a Secret that holds nothing",
                    "Put keys into it, one a line, under any names.");
        }
        return new SecretReference(name);
    }
}
