package io.kaitoflow.activities.nodes.quota;

import io.kaitoflow.activities.nodes.RequestText;
import io.kaitoflow.activities.nodes.quota.Ticket.State;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A register as a ConfigMap holds it, an entry a ticket: {@code 0000000003.waiting.<uid>.<claim>}, which sorts as the queue does, with
 * the request as its value; and {@code left.0000000002.<uid>} with a time. What somebody made unreadable is as if it were not there.
 */
final class RegisterText {

    private static final String LEFT = "left";

    private RegisterText() {}

    static Map<String, String> write(Register register) {
        Map<String, String> entries = new TreeMap<>();
        register.tickets().forEach(ticket -> entries.put(key(ticket), RequestText.write(ticket.request())));
        register.left()
                .forEach(leave -> entries.put(
                        LEFT + "." + padded(leave.turn()) + "." + leave.uid(),
                        leave.at().toString()));
        return entries;
    }

    static Register read(@Nullable Map<String, String> entries) {
        return new Register(each(entries, RegisterText::ticket), each(entries, RegisterText::leave));
    }

    private static <T> List<T> each(
            @Nullable Map<String, String> entries, BiFunction<String, String, Optional<T>> reader) {
        return Objects.requireNonNullElse(entries, Map.<String, String>of()).entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .flatMap(entry -> reader.apply(entry.getKey(), entry.getValue()).stream())
                .toList();
    }

    private static String key(Ticket ticket) {
        return padded(ticket.turn()) + "." + ticket.state().name().toLowerCase(Locale.ROOT) + "."
                + ticket.request().id().uid() + "." + ticket.request().number();
    }

    private static String padded(long turn) {
        return String.format(Locale.ROOT, "%010d", turn);
    }

    private static Optional<Ticket> ticket(String key, String value) {
        List<String> parts = List.of(key.split("\\.", 3));
        return parts.size() == 3 && parts.getFirst().matches("\\d{10}")
                ? state(parts.get(1))
                        .flatMap(state -> RequestText.read(value)
                                .map(request -> new Ticket(Long.parseLong(parts.getFirst()), request, state)))
                : Optional.empty();
    }

    private static Optional<State> state(String text) {
        return Stream.of(State.values())
                .filter(state -> state.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst();
    }

    private static Optional<Leave> leave(String key, String value) {
        List<String> parts = List.of(key.split("\\.", 3));
        if (parts.size() < 3 || !parts.getFirst().equals(LEFT) || !parts.get(1).matches("\\d{10}")) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Leave(parts.get(2), Long.parseLong(parts.get(1)), Instant.parse(value)));
        } catch (DateTimeParseException unreadable) {
            return Optional.empty();
        }
    }
}
