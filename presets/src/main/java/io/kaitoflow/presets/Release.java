package io.kaitoflow.presets;

/** Which KaitoFlow this is. */
public final class Release {

    /** As the build file says, without its suffix. */
    public static final String VERSION = "0.2.0";

    private Release() {}
}
