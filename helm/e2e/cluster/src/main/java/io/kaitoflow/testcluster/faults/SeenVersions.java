package io.kaitoflow.testcluster.faults;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The versions of the store that answers named, newest last: an old list is asked for by one of them. */
final class SeenVersions {

    private static final int KEPT = 40;
    private static final Pattern VERSION = Pattern.compile("\"resourceVersion\":\"(\\d{1,18})\"");

    private final Deque<Long> versions = new ArrayDeque<>();

    /** Reads the first version in a text: a list's own, or its object's. */
    synchronized void read(String json) {
        Matcher found = VERSION.matcher(json);
        if (found.find()) {
            long version = Long.parseLong(found.group(1));
            if (version > 0 && (versions.isEmpty() || version > versions.getLast())) {
                versions.addLast(version);
            }
        }
        if (versions.size() > KEPT) {
            versions.removeFirst();
        }
    }

    /** A version that was seen some steps ago. */
    synchronized Optional<Long> older(FaultPlan plan) {
        if (versions.size() < 2) {
            return Optional.empty();
        }
        Iterator<Long> all = versions.descendingIterator();
        int back = 1 + plan.pick(versions.size() - 1);
        long version = all.next();
        for (int i = 0; i < back; i++) {
            version = all.next();
        }
        return Optional.of(version);
    }
}
