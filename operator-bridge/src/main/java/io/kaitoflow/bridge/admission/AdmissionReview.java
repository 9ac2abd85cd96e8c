package io.kaitoflow.bridge.admission;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.Status;
import io.kaitoflow.bridge.api.Workspace;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the API server posts, and what it is answered with: {@code admission.k8s.io/v1}, as far as it is used.
 *
 * @param request what is asked
 * @param response the answer
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record AdmissionReview(
        String apiVersion,
        String kind,
        @Nullable Request request,
        @Nullable Response response) {

    static AdmissionReview of(Response response) {
        return new AdmissionReview("admission.k8s.io/v1", "AdmissionReview", null, response);
    }

    /**
     * A creation or an edit.
     *
     * @param uid to be repeated in the answer
     * @param namespace of the object
     * @param userInfo who asks
     * @param object as it is to become
     * @param oldObject as it is; absent for a creation
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Request(
            String uid,
            String namespace,
            Author userInfo,
            @Nullable Workspace object,
            @Nullable Workspace oldObject) {}

    /** Who asks, as the API server authenticated them. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Author(
            String username,
            @Nullable String uid,
            @Nullable List<String> groups,
            @Nullable Map<String, List<String>> extra) {

        Author {
            groups = List.copyOf(Objects.requireNonNullElse(groups, List.of()));
            extra = Map.copyOf(Objects.requireNonNullElse(extra, Map.of()));
        }
    }

    /**
     * The verdict.
     *
     * @param warnings shown to the user in either case
     * @param status why not; absent when it is allowed
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record Response(
            String uid,
            boolean allowed,
            List<String> warnings,
            @Nullable Status status) {}
}
