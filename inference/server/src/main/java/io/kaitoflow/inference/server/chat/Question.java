package io.kaitoflow.inference.server.chat;

import java.util.List;
import java.util.stream.Collectors;

/** What is asked, in one of the three forms a caller may use. */
public sealed interface Question {

    /** The question as a reader would write it, without the template's marks. */
    String plainText();

    /** The request's field it came in. */
    String parameter();

    /** The tokens that ask it. */
    Prompt prompt(ChatModel model);

    /** A conversation. */
    record Conversation(List<Turn> turns) implements Question {

        /** Keeps a copy. */
        public Conversation {
            turns = List.copyOf(turns);
        }

        @Override
        public String plainText() {
            return turns.stream().map(turn -> turn.content() + "\n").collect(Collectors.joining());
        }

        @Override
        public String parameter() {
            return "messages";
        }

        @Override
        public Prompt prompt(ChatModel model) {
            return model.chat(turns);
        }
    }

    /** A text that becomes one user message when the model has a chat template. */
    record Ask(String plainText) implements Question {

        @Override
        public String parameter() {
            return "prompt";
        }

        @Override
        public Prompt prompt(ChatModel model) {
            return model.hasChatTemplate() ? model.chat(List.of(new Turn("user", plainText))) : model.raw(plainText);
        }
    }

    /** A text that is continued as it is. */
    record Continue(String plainText) implements Question {

        @Override
        public String parameter() {
            return "prompt";
        }

        @Override
        public Prompt prompt(ChatModel model) {
            return model.raw(plainText);
        }
    }
}
