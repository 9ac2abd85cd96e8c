package io.kaitoflow.inference.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The prompt formats of the families that the catalogue names, by templates in each family's manner of writing. */
class ModelFamiliesTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2024-07-26T12:00:00Z"), ZoneOffset.UTC);
    private static final ChatMessage SYSTEM = ChatMessage.system("Be brief.");
    private static final ChatMessage QUESTION = ChatMessage.user(" Why? ");
    private static final ChatMessage ANSWER = ChatMessage.assistant("Because.");

    private final ChatTemplate llama3 = template("""
            {{- bos_token }}
            {%- if not date_string is defined %}
                {%- if strftime_now is defined %}
                    {%- set date_string = strftime_now("%d %b %Y") %}
                {%- else %}
                    {%- set date_string = "26 Jul 2024" %}
                {%- endif %}
            {%- endif %}
            {%- if messages[0]['role'] == 'system' %}
                {%- set system_message = messages[0]['content']|trim %}
                {%- set messages = messages[1:] %}
            {%- else %}
                {%- set system_message = "" %}
            {%- endif %}
            {{- "<|start_header_id|>system<|end_header_id|>\\n\\n" }}
            {%- if tools is not none %}
                {{- "Environment: ipython\\n" }}
            {%- endif %}
            {{- "Today Date: " + date_string + "\\n\\n" }}
            {{- system_message }}
            {{- "<|eot_id|>" }}
            {%- for message in messages %}
                {%- if not (message.role == 'ipython' or message.role == 'tool' or 'tool_calls' in message) %}
                    {{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n'+ message['content'] | trim + '<|eot_id|>' }}
                {%- elif 'tool_calls' in message %}
                    {{- raise_exception("This format has no tool calls") }}
                {%- endif %}
            {%- endfor %}
            {%- if add_generation_prompt %}
                {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}
            {%- endif %}
            """, "<|begin_of_text|>", "<|eot_id|>");

    private final ChatTemplate phi3 = template(
            "{% for message in messages %}{% if message['role'] == 'system' %}{{'<|system|>\n' + message['content'] + '<|end|>\n'}}"
                    + "{% elif message['role'] == 'user' %}{{'<|user|>\n' + message['content'] + '<|end|>\n'}}"
                    + "{% elif message['role'] == 'assistant' %}{{'<|assistant|>\n' + message['content'] + '<|end|>\n'}}{% endif %}"
                    + "{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>\n' }}{% else %}{{ eos_token }}{% endif %}",
            "<s>", "<|endoftext|>");

    private final ChatTemplate mistral = template("""
            {%- if messages[0]["role"] == "system" %}
                {%- set system_message = messages[0]["content"] %}
                {%- set loop_messages = messages[1:] %}
            {%- else %}
                {%- set loop_messages = messages %}
            {%- endif %}
            {%- set ns = namespace(index=0) %}
            {{- bos_token }}
            {%- for message in loop_messages %}
                {%- if (message["role"] == "user") != (ns.index % 2 == 0) %}
                    {{- raise_exception("After the optional system message, conversation roles must alternate user/assistant/user/assistant/...") }}
                {%- endif %}
                {%- set ns.index = ns.index + 1 %}
                {%- if message["role"] == "user" %}
                    {%- if loop.last and system_message is defined %}
                        {{- "[INST] " + system_message + "\\n\\n" + message["content"] + "[/INST]" }}
                    {%- else %}
                        {{- "[INST] " + message["content"] + "[/INST]" }}
                    {%- endif %}
                {%- elif message["role"] == "assistant" %}
                    {{- " " + message["content"]|trim + eos_token}}
                {%- endif %}
            {%- endfor %}
            """, "<s>", "</s>");

    private final ChatTemplate qwen2 = template("""
            {%- if messages[0]['role'] == 'system' %}
                {{- '<|im_start|>system\\n' + messages[0]['content'] + '<|im_end|>\\n' }}
            {%- else %}
                {{- '<|im_start|>system\\nYou are a helpful assistant.<|im_end|>\\n' }}
            {%- endif %}
            {%- for message in messages %}
                {%- if (message.role == "user") or (message.role == "system" and not loop.first) or (message.role == "assistant" and not message.tool_calls) %}
                    {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' + '\\n' }}
                {%- endif %}
            {%- endfor %}
            {%- if add_generation_prompt %}
                {{- '<|im_start|>assistant\\n' }}
            {%- endif %}
            """, "", "<|im_end|>");

    @Test
    void llama3() {
        String system = "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nToday Date: 26 Jul 2024\n\n";
        String turns = "<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nWhy?<|eot_id|>"
                + "<|start_header_id|>assistant<|end_header_id|>\n\n";

        assertThat(llama3.render(List.of(SYSTEM, QUESTION, ANSWER), false))
                .isEqualTo(system + "Be brief." + turns + "Because.<|eot_id|>");
        assertThat(llama3.render(List.of(QUESTION), true)).isEqualTo(system + turns);
    }

    @Test
    void phi3() {
        assertThat(phi3.render(List.of(SYSTEM, QUESTION, ANSWER), false))
                .isEqualTo("<|system|>\nBe brief.<|end|>\n<|user|>\n Why? <|end|>\n<|assistant|>\nBecause.<|end|>\n"
                        + "<|endoftext|>");
        assertThat(phi3.render(List.of(QUESTION), true)).isEqualTo("<|user|>\n Why? <|end|>\n<|assistant|>\n");
    }

    @Test
    void mistral() {
        assertThat(mistral.render(List.of(QUESTION, ANSWER, QUESTION), true))
                .isEqualTo("<s>[INST]  Why? [/INST] Because.</s>[INST]  Why? [/INST]");
        assertThat(mistral.render(List.of(SYSTEM, QUESTION), true)).isEqualTo("<s>[INST] Be brief.\n\n Why? [/INST]");
    }

    @Test
    void mistralRefusesTwoQuestionsInARow() {
        assertThatThrownBy(() -> mistral.render(List.of(QUESTION, QUESTION), true))
                .isInstanceOf(ChatTemplateException.Refused.class)
                .hasMessageContaining("conversation roles must alternate");
    }

    @Test
    void qwen2() {
        assertThat(qwen2.render(List.of(QUESTION, ANSWER), true))
                .isEqualTo(
                        "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n<|im_start|>user\n Why? <|im_end|>\n"
                                + "<|im_start|>assistant\nBecause.<|im_end|>\n<|im_start|>assistant\n");
        assertThat(qwen2.render(List.of(SYSTEM, QUESTION), false))
                .isEqualTo("<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\n Why? <|im_end|>\n");
    }

    private static ChatTemplate template(String source, String bos, String eos) {
        return new ChatTemplate(source, Map.of("bos_token", bos, "eos_token", eos), CLOCK);
    }
}
