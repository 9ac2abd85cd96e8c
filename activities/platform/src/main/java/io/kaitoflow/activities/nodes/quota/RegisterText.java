package io.kaitoflow.activities.nodes.quota;

import io.kaitoflow.activities.nodes.RequestText;
import io.kaitoflow.activities.nodes.quota.Ticket.State;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.YearMonth;
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
 * the request as its value; {@code since.0000000003.<uid>.<claim>} with the time from which it costs, where months are counted;
 * {@code left.0000000002.<uid>} with a time; and {@code spent.2026-11} in US dollars. What somebody made unreadable is as if it were
 * not there.
 */
final class RegisterText {

    private static final String LEFT = "left";
    private static final String SINCE = "since";
    private static final String SPENT = "spent";

    private RegisterText() {}

    static Map<String, String> write(Register register) {
        Map<String, String> entries = new TreeMap<>();
        register.tickets().forEach(ticket -> {
            entries.put(key(ticket), RequestText.write(ticket.request()));
            ticket.since().ifPresent(since -> entries.put(sinceKey(ticket), since.toString()));
        });
        register.left()
                .forEach(leave -> entries.put(
                        LEFT + "." + padded(leave.turn()) + "." + leave.uid(),
                        leave.at().toString()));
        if (!register.spending().equals(Spending.NONE)) {
            entries.put(
                    SPENT + "." + register.spending().month(),
                    register.spending().usd().toPlainString());
        }
        return entries;
    }

    static Register read(@Nullable Map<String, String> entries) {
        Map<String, String> kept = Objects.requireNonNullElse(entries, Map.of());
        List<Ticket> tickets = each(kept, RegisterText::ticket).stream()
                .map(ticket -> ticket.costingSince(
                        Optional.ofNullable(kept.get(sinceKey(ticket))).flatMap(RegisterText::instant)))
                .toList();
        return new Register(
                tickets,
                each(kept, RegisterText::leave),
                each(kept, RegisterText::spending).stream().findFirst().orElse(Spending.NONE));
    }

    private static <T> List<T> each(Map<String, String> entries, BiFunction<String, String, Optional<T>> reader) {
        return entries.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .flatMap(entry -> reader.apply(entry.getKey(), entry.getValue()).stream())
                .toList();
    }

    private static String key(Ticket ticket) {
        return padded(ticket.turn()) + "." + ticket.state().name().toLowerCase(Locale.ROOT) + "."
                + ticket.request().id().uid() + "." + ticket.request().number();
    }

    private static String sinceKey(Ticket ticket) {
        return SINCE + "." + padded(ticket.turn()) + "." + ticket.request().id().uid() + "."
                + ticket.request().number();
    }

    private static String padded(long turn) {
        return String.format(Locale.ROOT, "%010d", turn);
    }

    private static Optional<Ticket> ticket(String key, String value) {
        List<String> parts = List.of(key.split("\\.", 3));
        return parts.size() == 3 && parts.getFirst().matches("\\d{10}")
                ? state(parts.get(1))
                        .flatMap(state -> RequestText.read(value)
                                .map(request ->
                                        new Ticket(Long.parseLong(parts.getFirst()), request, state, Optional.empty())))
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
        return instant(value).map(at -> new Leave(parts.get(2), Long.parseLong(parts.get(1)), at));
    }

    private static Optional<Instant> instant(String value) {
        try {
            return Optional.of(Instant.parse(value));
        } catch (DateTimeParseException unreadable) {
            return Optional.empty();
        }
    }

    private static Optional<Spending> spending(String key, String value) {
        if (!key.startsWith(SPENT + ".")) {
            return Optional.empty();
        }
        try {
            YearMonth month = YearMonth.parse(key.substring(SPENT.length() + 1));
            return Optional.of(new Spending(month, new BigDecimal(value)));
        } catch (DateTimeParseException | NumberFormatException unreadable) {
            return Optional.empty();
        }
    }
}
