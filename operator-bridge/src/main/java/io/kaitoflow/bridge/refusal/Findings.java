package io.kaitoflow.bridge.refusal;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Collects what one translation finds, so that several mistakes are reported together. Lives as long as the translation. */
public final class Findings {

    private final List<Refusal> refusals = new ArrayList<>();
    private final List<MissingObject> missing = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final Set<String> judged = new HashSet<>();

    /** Refuses a value; a field that was already judged is not refused again for another reason. */
    public void refuse(String path, String value, String rule, String cure) {
        if (!judged.contains(path)) {
            refusals.add(new Refusal(path, value, rule, cure));
        }
    }

    /** Refuses a value for a reason that makes every other one about this field pointless. */
    public void refuseForGood(String path, String value, String rule, String cure) {
        refuse(path, value, rule, cure);
        judged.add(path);
    }

    /** Says that an object is named and not there yet. */
    public void missing(String kind, String name, String path) {
        if (!judged.contains(path)) {
            missing.add(new MissingObject(kind, name, path));
        }
    }

    /** Says something that is no reason to stop. */
    public void note(String note) {
        notes.add(note);
    }

    public List<Refusal> refusals() {
        return List.copyOf(refusals);
    }

    public List<MissingObject> missing() {
        return List.copyOf(missing);
    }

    public List<String> notes() {
        return List.copyOf(notes);
    }
}
