package io.kaitoflow.bridge.api;

/**
 * Words that the rules of several types share. Rules are written so that the API server can bound their cost: it refuses a
 * definition whose rules might be slow, so texts and lists that a rule looks at have a greatest length, and optional values
 * ({@code self.?field}) are not used, since their size is never known.
 */
final class Rules {

    /** The API server's names of the two kinds of refusal that are not about a value. */
    static final String REQUIRED = "FieldValueRequired";

    static final String FORBIDDEN = "FieldValueForbidden";

    /** For fields that cannot be changed. */
    static final String STAYS = "must stay as it was created. Undo the change, or make another Workspace.";

    private Rules() {}
}
