package io.kaitoflow.activities.tuning.report;

/** Text that stays text in a page, whoever wrote it. */
final class Html {

    private Html() {}

    static String text(String plain) {
        return plain.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
