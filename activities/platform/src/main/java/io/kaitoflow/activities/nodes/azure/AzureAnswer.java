package io.kaitoflow.activities.nodes.azure;

import io.kaitoflow.activities.nodes.NodeException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What Azure said to something that was tried.
 *
 * <table>
 * <caption>What it really answers</caption>
 * <tr><td>AllocationFailed, ZonalAllocationFailed, Overconstrained…, SkuNotAvailable</td><td>none left here and now</td></tr>
 * <tr><td>QuotaExceeded, (ErrCode_)InsufficientVCPUQuota, OperationNotAllowed that speaks of a quota</td><td>a person has to ask for more</td></tr>
 * <tr><td>VMSizeNotSupported</td><td>not leased in this region</td></tr>
 * <tr><td>AuthorizationFailed, 401, 403</td><td>a person has to allow it</td></tr>
 * <tr><td>409, 429</td><td>later</td></tr>
 * </table>
 *
 * @param tried what was tried, on what
 * @param status of HTTP; 0 where the answer is the end of an operation
 * @param errors outermost first
 * @param retryAfter what the answer says of when to come back
 */
record AzureAnswer(String tried, int status, List<AzureError> errors, Optional<Duration> retryAfter) {

    static final int CONFLICT = 409;
    static final int THROTTLED = 429;

    /** A cluster that changes a pool does so for minutes. */
    private static final Duration BUSY = Duration.ofSeconds(20);

    private static final int BAD_REQUEST = 400;
    private static final int UNAUTHORISED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;

    private static final Set<String> NONE_LEFT = Set.of(
            "AllocationFailed",
            "ZonalAllocationFailed",
            "OverconstrainedAllocationRequest",
            "OverconstrainedZonalAllocationRequest",
            "SkuNotAvailable");
    private static final Set<String> QUOTA =
            Set.of("QuotaExceeded", "InsufficientVCPUQuota", "ErrCode_InsufficientVCPUQuota");
    private static final Set<String> NOT_OFFERED = Set.of("VMSizeNotSupported");
    private static final Set<String> DENIED = Set.of("AuthorizationFailed", "LinkedAuthorizationFailed");
    private static final String NOT_ALLOWED = "OperationNotAllowed";

    AzureAnswer {
        errors = List.copyOf(errors);
    }

    /** The reaction to it. The innermost error that says something decides: the outer ones only wrap it. */
    NodeException refusal() {
        for (AzureError error : errors.reversed()) {
            Optional<NodeException> known = known(error);
            if (known.isPresent()) {
                return known.get();
            }
        }
        return byStatus();
    }

    private Optional<NodeException> known(AzureError error) {
        if (NONE_LEFT.contains(error.code())) {
            return Optional.of(new NodeException.Occupied(sentence(error)));
        }
        if (QUOTA.contains(error.code()) || (error.code().equals(NOT_ALLOWED) && speaksOfQuota(error))) {
            return Optional.of(new NodeException.QuotaExceeded(sentence(error)));
        }
        if (NOT_OFFERED.contains(error.code())) {
            return Optional.of(new NodeException.NotOffered(sentence(error)));
        }
        if (DENIED.contains(error.code())) {
            return Optional.of(new NodeException.Denied(sentence(error)));
        }
        return Optional.empty();
    }

    private NodeException byStatus() {
        String sentence = sentence(errors.isEmpty() ? new AzureError("", "") : errors.getLast());
        return switch (status) {
            case 0 -> new NodeException.Vanished(sentence);
            case CONFLICT, THROTTLED -> new NodeException.Unanswered(sentence, retryAfter.orElse(BUSY));
            case UNAUTHORISED, FORBIDDEN -> new NodeException.Denied(sentence);
            case BAD_REQUEST -> new NodeException.Refused(sentence);
            case NOT_FOUND ->
                new NodeException.Refused(sentence + " Are subscription, resource group and cluster written right?");
            default ->
                retryAfter
                        .map(pause -> new NodeException.Unanswered(sentence, pause))
                        .orElseGet(() -> new NodeException.Unanswered(sentence));
        };
    }

    private static boolean speaksOfQuota(AzureError error) {
        return error.message().toLowerCase(Locale.ROOT).contains("quota");
    }

    private String sentence(AzureError error) {
        String code = (status == 0 ? "" : status + " ") + error.code();
        String words = error.message().isBlank() ? "" : ": " + error.message().strip();
        return tried + " was answered with " + code.strip() + words + (words.endsWith(".") ? "" : ".");
    }
}
