package io.kaitoflow.inference.server.schema;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A value, or a piece of one, that is being written. */
sealed interface Part {

    int MOST_DIGITS = 15;

    /** What {@code next} makes of this part inside {@code within}; empty where it may not come. */
    Optional<Progress> after(char next, @Nullable Progress within);

    /** Whether nothing needs to follow. */
    default boolean mayEnd() {
        return false;
    }

    /** The part is over by its own last character. */
    private static Optional<Progress> over(@Nullable Progress within) {
        return Optional.of(within == null ? new Progress(new End(), null) : within);
    }

    /** The part was over before {@code next}, which belongs to what it stands in. */
    private static Optional<Progress> passedOn(char next, @Nullable Progress within) {
        return within == null ? Optional.empty() : within.after(next);
    }

    private static Optional<Progress> with(Part part, @Nullable Progress within) {
        return Optional.of(new Progress(part, within));
    }

    /** After the whole text. */
    record End() implements Part {
        @Override
        public Optional<Progress> after(char next, @Nullable Progress within) {
            return Optional.empty();
        }

        @Override
        public boolean mayEnd() {
            return true;
        }
    }

    /** A value that has not begun. */
    record Pending(Shape shape) implements Part {
        @Override
        public Optional<Progress> after(char next, @Nullable Progress within) {
            return switch (shape) {
                case Shape.OneOf choice -> new Choice(choice.texts(), 0).after(next, within);
                case Shape.Numeric number -> new Digits(number.whole(), Digits.Place.BEGIN, 0).after(next, within);
                case Shape.Text text -> next == '"' ? with(new Letters(text, 0, false), within) : Optional.empty();
                case Shape.Items items -> next == '[' ? with(new Members(items, 0), within) : Optional.empty();
                case Shape.Properties all -> next == '{' ? with(new Fields(all, 0, true), within) : Optional.empty();
                case Shape.Either either ->
                    either.shapes().stream()
                            .flatMap(one -> new Pending(one).after(next, within).stream())
                            .findFirst();
            };
        }
    }

    /** Some texts that agree in what was written. */
    record Choice(List<String> texts, int written) implements Part {
        @Override
        public Optional<Progress> after(char next, @Nullable Progress within) {
            List<String> left = texts.stream()
                    .filter(text -> text.length() > written && text.charAt(written) == next)
                    .toList();
            if (left.isEmpty()) {
                return mayEnd() ? passedOn(next, within) : Optional.empty();
            }
            boolean done = left.size() == 1 && left.getFirst().length() == written + 1;
            return done ? over(within) : with(new Choice(left, written + 1), within);
        }

        @Override
        public boolean mayEnd() {
            return texts.stream().anyMatch(text -> text.length() == written);
        }
    }

    /** The inside of a text. */
    record Letters(Shape.Text shape, int count, boolean escaped) implements Part {
        @Override
        public Optional<Progress> after(char next, @Nullable Progress within) {
            if (escaped) {
                return "\"\\/bfnrt".indexOf(next) >= 0
                        ? with(new Letters(shape, counted(), false), within)
                        : Optional.empty();
            }
            if (next == '"') {
                return count >= shape.least() ? over(within) : Optional.empty();
            }
            boolean continues = Character.isLowSurrogate(next);
            if (next < ' ' || (!continues && count >= shape.most())) {
                return Optional.empty();
            }
            return next == '\\'
                    ? with(new Letters(shape, count, true), within)
                    : with(new Letters(shape, continues ? count : counted(), false), within);
        }

        /** Not counted further than it matters, so that progress is equal where continuations are. */
        private int counted() {
            return shape.most() == Shape.UNLIMITED ? Math.min(count + 1, shape.least()) : count + 1;
        }
    }

    /** A number. */
    record Digits(boolean whole, Place place, int count) implements Part {
        /** Where in a number. */
        enum Place {
            BEGIN,
            SIGN,
            ZERO,
            WHOLE,
            POINT,
            FRACTION
        }

        @Override
        public Optional<Progress> after(char next, @Nullable Progress within) {
            Optional<Digits> more = more(next);
            if (more.isPresent()) {
                return with(more.get(), within);
            }
            return mayEnd() ? passedOn(next, within) : Optional.empty();
        }

        private Optional<Digits> more(char next) {
            boolean digit = next >= '0' && next <= '9';
            return switch (place) {
                case BEGIN -> next == '-' ? at(Place.SIGN, 0) : first(next, digit);
                case SIGN -> first(next, digit);
                case ZERO -> next == '.' && !whole ? at(Place.POINT, 0) : Optional.empty();
                case WHOLE ->
                    next == '.' && !whole
                            ? at(Place.POINT, 0)
                            : digit && count < MOST_DIGITS ? at(Place.WHOLE, count + 1) : Optional.empty();
                case POINT, FRACTION -> digit && count < MOST_DIGITS ? at(Place.FRACTION, count + 1) : Optional.empty();
            };
        }

        private Optional<Digits> first(char next, boolean digit) {
            return digit ? next == '0' ? at(Place.ZERO, 1) : at(Place.WHOLE, 1) : Optional.empty();
        }

        private Optional<Digits> at(Place where, int digits) {
            return Optional.of(new Digits(whole, where, digits));
        }

        @Override
        public boolean mayEnd() {
            return place == Place.ZERO || place == Place.WHOLE || place == Place.FRACTION;
        }
    }

    /** The inside of a list, before its first item or after one. */
    record Members(Shape.Items shape, int count) implements Part {
        @Override
        public Optional<Progress> after(char next, @Nullable Progress within) {
            if (next == ']') {
                return count >= shape.least() ? over(within) : Optional.empty();
            }
            if (count >= shape.most()) {
                return Optional.empty();
            }
            Progress list = new Progress(new Members(shape, counted()), within);
            Part item = new Pending(shape.item());
            if (count == 0) {
                return item.after(next, list);
            }
            return next == ',' ? with(item, list) : Optional.empty();
        }

        private int counted() {
            return shape.most() == Shape.UNLIMITED ? Math.min(count + 1, Math.max(1, shape.least())) : count + 1;
        }
    }

    /** The inside of an object, before its first property or after one; {@code from} is the first that may still come. */
    record Fields(Shape.Properties shape, int from, boolean first) implements Part {
        @Override
        public Optional<Progress> after(char next, @Nullable Progress within) {
            if (next == '}') {
                return shape.mayEnd(from) ? over(within) : Optional.empty();
            }
            Spelling name = new Spelling(shape, shape.possible(from), 0);
            if (first) {
                return name.after(next, within);
            }
            return next == ',' && !name.left().isEmpty() ? with(name, within) : Optional.empty();
        }
    }

    /** The names that agree with what was written. */
    record Spelling(Shape.Properties shape, List<Shape.Property> left, int written) implements Part {
        @Override
        public Optional<Progress> after(char next, @Nullable Progress within) {
            List<Shape.Property> agree = left.stream()
                    .filter(one -> one.opening().charAt(written) == next)
                    .toList();
            if (agree.isEmpty()) {
                return Optional.empty();
            }
            Shape.Property only = agree.getFirst();
            if (only.opening().length() > written + 1) {
                return with(new Spelling(shape, agree, written + 1), within);
            }
            Progress object = new Progress(new Fields(shape, shape.all().indexOf(only) + 1, false), within);
            return with(new Pending(only.value()), object);
        }
    }
}
