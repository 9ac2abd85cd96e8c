package io.kaitoflow.inference.server.schema;

import java.util.List;

/** What a JSON value must look like. It is written without spaces, and an object's properties in the order of the schema. */
public sealed interface Shape {

    /** No upper limit. */
    int UNLIMITED = Integer.MAX_VALUE;

    /** Exactly one of some JSON texts. */
    record OneOf(List<String> texts) implements Shape {
        public OneOf {
            texts = List.copyOf(texts);
        }
    }

    /** A text, its length counted in code points. */
    record Text(int least, int most) implements Shape {}

    /** A number, of at most fifteen digits before the point and as many behind it. */
    record Numeric(boolean whole) implements Shape {}

    /** A list. */
    record Items(Shape item, int least, int most) implements Shape {}

    /** An object with these properties and no others. */
    record Properties(List<Property> all) implements Shape {
        public Properties {
            all = List.copyOf(all);
        }

        /** Those that may come once the ones before {@code next} are done with: up to the first that must. */
        List<Property> possible(int next) {
            int end = next;
            while (end < all.size() && !all.get(end).required()) {
                end++;
            }
            return all.subList(next, Math.min(end + 1, all.size()));
        }

        boolean mayEnd(int next) {
            return all.stream().skip(next).noneMatch(Property::required);
        }
    }

    /**
     * A property.
     *
     * @param opening its name as JSON with the colon
     */
    record Property(String opening, Shape value, boolean required) {}

    /** One of some shapes, told apart by the first character. */
    record Either(List<Shape> shapes) implements Shape {
        public Either {
            shapes = List.copyOf(shapes);
        }
    }
}
