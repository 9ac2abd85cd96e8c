package io.kaitoflow.activities.dataset.rows;

import io.kaitoflow.workflows.request.DataRecipe;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which columns of a file make a row; all files of a data set have the same. */
sealed interface RowShape {

    /** What is looked for, in this order, where the recipe names no columns. */
    String ACCEPTED = "messages; prompt and completion; instruction, output and perhaps input; text; conversations";

    /** The row of these values. */
    TrainingRow read(Map<String, Object> values) throws UnusableRowException;

    /** The columns that must be there. */
    Set<String> columns();

    /** The shape that the recipe names, or the first usual one whose columns are all there. */
    static Optional<RowShape> find(Set<String> present, DataRecipe.Columns wanted) {
        return candidates(wanted).stream()
                .filter(shape -> present.containsAll(shape.columns()))
                .findFirst();
    }

    private static List<RowShape> candidates(DataRecipe.Columns wanted) {
        if (wanted.messages().isPresent()) {
            return List.of(new Messages(wanted.messages().get()));
        }
        if (wanted.context().isPresent()) {
            return List.of(new PromptCompletion(
                    wanted.context().get(), wanted.response().orElse("completion")));
        }
        if (wanted.response().isPresent()) {
            return List.of(new PlainText(wanted.response().get()));
        }
        return List.of(
                new Messages("messages"),
                new PromptCompletion("prompt", "completion"),
                new Instruction(),
                new PlainText("text"),
                new Messages("conversations"));
    }

    /** A list of messages with role and content, or with from and value. */
    record Messages(String column) implements RowShape {

        /** How chats of the model hub spell that a tool is called. */
        private static final List<String> CALLS = List.of("tool_calls", "function_call");

        @Override
        public Set<String> columns() {
            return Set.of(column);
        }

        @Override
        public TrainingRow read(Map<String, Object> values) throws UnusableRowException {
            List<?> messages = Cell.list(values, column);
            if (messages.isEmpty()) {
                throw Cell.empty(column);
            }
            List<Turn> turns = new ArrayList<>(messages.size());
            for (Object message : messages) {
                turns.add(turn(turns.size() + 1, message));
            }
            requireAnswer(turns);
            return new TrainingRow.Chat(turns);
        }

        private static Turn turn(int number, Object message) throws UnusableRowException {
            if (!(message instanceof Map<?, ?> fields)) {
                throw Cell.wrongType("message " + number, message, "an object with role and content");
            }
            try {
                MessageKeys keys = MessageKeys.of(fields);
                Role role = keys.role(fields);
                refuseCalls(fields);
                return new Turn(role, Cell.text(fields, keys.content()));
            } catch (UnusableRowException e) {
                throw new UnusableRowException("message " + number + ": " + e.getMessage());
            }
        }

        /** A call that is left out would teach an answer without the call. */
        private static void refuseCalls(Map<?, ?> fields) throws UnusableRowException {
            for (String key : CALLS) {
                Object calls = fields.get(key);
                if (calls != null && !(calls instanceof Collection<?> none && none.isEmpty())) {
                    throw new UnusableRowException(
                            "\"" + key
                                    + "\" is not trained on; write the call into content as the model spells it, or leave the row out");
                }
            }
        }

        private static void requireAnswer(List<Turn> turns) throws UnusableRowException {
            boolean answered = turns.stream()
                    .anyMatch(turn ->
                            turn.role() == Role.ASSISTANT && !turn.content().isBlank());
            if (!answered) {
                throw new UnusableRowException(
                        "no assistant message says anything, so nothing would be learnt; add the answer, or leave the row out");
            }
        }
    }

    /** A question and its answer. */
    record PromptCompletion(String prompt, String completion) implements RowShape {

        @Override
        public Set<String> columns() {
            return Set.of(prompt, completion);
        }

        @Override
        public TrainingRow read(Map<String, Object> values) throws UnusableRowException {
            return new TrainingRow.Completion(Cell.text(values, prompt), Cell.nonBlankText(values, completion));
        }
    }

    /** A task, perhaps something to do it on, and the result. */
    record Instruction() implements RowShape {

        @Override
        public Set<String> columns() {
            return Set.of("instruction", "output");
        }

        @Override
        public TrainingRow read(Map<String, Object> values) throws UnusableRowException {
            String instruction = Cell.nonBlankText(values, "instruction");
            String input = values.get("input") == null ? "" : Cell.text(values, "input");
            String prompt = input.isBlank() ? instruction : instruction + "\n\n" + input;
            return new TrainingRow.Completion(prompt, Cell.nonBlankText(values, "output"));
        }
    }

    /** Running text. */
    record PlainText(String column) implements RowShape {

        @Override
        public Set<String> columns() {
            return Set.of(column);
        }

        @Override
        public TrainingRow read(Map<String, Object> values) throws UnusableRowException {
            return new TrainingRow.Text(Cell.nonBlankText(values, column));
        }
    }
}
