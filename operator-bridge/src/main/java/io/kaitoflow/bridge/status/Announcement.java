package io.kaitoflow.bridge.status;

/**
 * Something worth an Event.
 *
 * @param warning whether somebody should do something
 * @param reason one word in camel case
 * @param message one sentence or more
 */
public record Announcement(boolean warning, String reason, String message) {

    public static Announcement warning(String reason, String message) {
        return new Announcement(true, reason, message);
    }

    static Announcement normal(String reason, String message) {
        return new Announcement(false, reason, message);
    }
}
