package io.kaitoflow.inference.chat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** The methods that Python's strings have and templates call, on Java's. */
final class PythonText {

    private static final Pattern BLANKS = Pattern.compile("\\s+");
    private static final String WHITESPACE = "";

    private PythonText() {}

    /** The method's answer; empty if Python's strings have no such method or it is not offered here. */
    static Optional<Object> invoke(String text, String method, List<String> arguments) {
        return switch (arguments.size()) {
            case 0 -> withoutArguments(text, method);
            case 1 -> withOne(text, method, arguments.getFirst());
            case 2 -> withTwo(text, method, arguments.getFirst(), arguments.getLast());
            default -> Optional.empty();
        };
    }

    private static Optional<Object> withoutArguments(String text, String method) {
        return switch (method) {
            case "strip" -> Optional.of(strip(text, WHITESPACE));
            case "lstrip" -> Optional.of(stripLeft(text, WHITESPACE));
            case "rstrip" -> Optional.of(stripRight(text, WHITESPACE));
            case "lower" -> Optional.of(text.toLowerCase(Locale.ROOT));
            case "upper" -> Optional.of(text.toUpperCase(Locale.ROOT));
            case "capitalize" -> Optional.of(capitalised(text));
            case "title" -> Optional.of(titled(text));
            case "split" -> Optional.of(words(text));
            case "splitlines" -> Optional.of(text.lines().toList());
            default -> Optional.empty();
        };
    }

    private static Optional<Object> withOne(String text, String method, String argument) {
        return switch (method) {
            case "startswith" -> Optional.of(text.startsWith(argument));
            case "endswith" -> Optional.of(text.endsWith(argument));
            case "strip" -> Optional.of(strip(text, argument));
            case "lstrip" -> Optional.of(stripLeft(text, argument));
            case "rstrip" -> Optional.of(stripRight(text, argument));
            case "split" -> Optional.of(Arrays.asList(text.split(Pattern.quote(argument), -1)));
            case "find" -> Optional.of(text.indexOf(argument));
            case "count" -> Optional.of(text.split(Pattern.quote(argument), -1).length - 1);
            default -> Optional.empty();
        };
    }

    private static Optional<Object> withTwo(String text, String method, String first, String second) {
        return switch (method) {
            case "replace" -> Optional.of(text.replace(first, second));
            default -> Optional.empty();
        };
    }

    private static String strip(String text, String characters) {
        return stripRight(stripLeft(text, characters), characters);
    }

    private static String stripLeft(String text, String characters) {
        int start = 0;
        while (start < text.length() && isStripped(text.charAt(start), characters)) {
            start++;
        }
        return text.substring(start);
    }

    private static String stripRight(String text, String characters) {
        int end = text.length();
        while (end > 0 && isStripped(text.charAt(end - 1), characters)) {
            end--;
        }
        return text.substring(0, end);
    }

    /** No characters named means whitespace. Python's includes the no-break spaces, Java's does not. */
    private static boolean isStripped(char character, String characters) {
        return characters.isEmpty()
                ? Character.isWhitespace(character) || Character.isSpaceChar(character) || character == '\u0085'
                : characters.indexOf(character) >= 0;
    }

    private static String capitalised(String text) {
        return text.isEmpty()
                ? text
                : text.substring(0, 1).toUpperCase(Locale.ROOT)
                        + text.substring(1).toLowerCase(Locale.ROOT);
    }

    private static String titled(String text) {
        return Pattern.compile("\\p{L}+").matcher(text).replaceAll(word -> capitalised(word.group()));
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>(Arrays.asList(BLANKS.split(text.strip())));
        words.remove("");
        return words;
    }
}
