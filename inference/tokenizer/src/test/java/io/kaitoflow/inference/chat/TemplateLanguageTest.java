package io.kaitoflow.inference.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Jinja in Python would answer, expression by expression. */
@Timeout(20)
class TemplateLanguageTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2024-07-26T12:00:00Z"), ZoneOffset.UTC);
    private static final List<ChatMessage> MESSAGES =
            List.of(ChatMessage.user(" hello "), ChatMessage.assistant("yo"), ChatMessage.user("{{ 1 + 1 }}"));

    @ParameterizedTest
    @CsvSource(delimiter = '¦', quoteCharacter = '`', textBlock = """
            {{ 'a' + messages[0]['role'] + 'b' }}                                   ¦ auserb
            {{ 'a' ~ 1 ~ 'b' }}                                                     ¦ a1b
            {{ messages[0].content | trim }}                                        ¦ hello
            {{ messages[0]['content'].strip() }}                                    ¦ hello
            {{ messages[1:] | length }}                                             ¦ 2
            {{ messages[-1].role }}                                                 ¦ user
            {{ messages[-1].content }}                                              ¦ {{ 1 + 1 }}
            {{ messages|length - 1 }}                                               ¦ 2
            {% for m in messages %}{{loop.index0}}{{loop.index}}{% if loop.first %}F{% endif %}{% if loop.last %}L{% endif %};{% endfor %} ¦ 01F;12;23L;
            {% set ns = namespace(n=0) %}{% for m in messages %}{% set ns.n = ns.n + 1 %}{% endfor %}{{ ns.n }} ¦ 3
            {{ 'x' if tools is not none else 'n' }}                                 ¦ n
            {{ 'u' if tools is not defined else 'd' }}                              ¦ u
            {{ messages[0] | tojson }}                                              ¦ {"role": "user", "content": " hello "}
            {{ (messages[0]['role'] == 'user') != (0 % 2 == 0) }}{{ '' }}           ¦ false
            {{ 'Y' if 'content' in messages[0] and 'ell' in messages[0].content }}  ¦ Y
            {{ 'Y' if messages[0].content is string and messages is iterable and messages[0] is mapping }} ¦ Y
            {% for k, v in messages[1].items() %}{{ k }}={{ v }};{% endfor %}       ¦ role=assistant;content=yo;
            {% macro f(x) %}<{{ x }}>{% endmacro %}{{ f('q') }}                     ¦ <q>
            {{ messages[0].get('name', 'd') }}                                      ¦ d
            {{ messages[1].content.startswith('y') and 'a.b'.endswith('.b') }}      ¦ true
            {{ 'a</think>b'.split('</think>')[-1] }}                                ¦ b
            {{ 'a.b.c'.split('.')[0] }}                                             ¦ a
            {{ 'xxabxx'.strip('x') + 'xxab'.lstrip('x') + 'abxx'.rstrip('x') }}     ¦ ababab
            {{ 'aXb'.replace('X', '-').upper().lower() }}                           ¦ a-b
            {{ 'hello world'.title() }}                                             ¦ Hello World
            {{ strftime_now('%d %b %Y') }}                                          ¦ 26 Jul 2024
            {% if messages[0].tool_calls %}T{% else %}F{% endif %}                  ¦ F
            {% generation %}g{% endgeneration %}                                    ¦ g
            {# a note #}z                                                           ¦ z
            {{ bos_token }}{{ eos_token }}                                          ¦ <s></s>
            {%- set system = messages[0]['content'] if messages[0]['role'] == 'system' else 'none' -%}{{ system }} ¦ none
            """)
    void means(String template, String expected) {
        assertThat(render(template)).isEqualTo(expected);
    }

    @Test
    void escapesInStringsAreThoseOfPython() {
        assertThat(render("{{ 'a\\nb' + \"it's\" + 'it\\'s' + 'back\\\\slash' }}"))
                .isEqualTo("a\nbit'sit'sback\\slash");
    }

    @Test
    void blocksTakeTheirLineWithThem() {
        assertThat(render("  {% if true %}\n  x\n  {% endif %}\ny\n")).isEqualTo("  x\ny");
        assertThat(render("{%- if true -%}\n  x\n{%- endif %}\n\n\n")).isEqualTo("x\n");
        assertThat(render("a\r\n{{- 'b' -}}\r\nc")).isEqualTo("abc");
        assertThat(render("a\n{#- note -#}\nb")).isEqualTo("ab");
    }

    @Test
    void anExceptionOfTheTemplateIsARefusalInItsWords() {
        assertThatThrownBy(() -> render("{{ raise_exception('Roles must alternate') }}"))
                .isInstanceOf(ChatTemplateException.Refused.class)
                .hasMessage("The model's chat template refuses this conversation: Roles must alternate");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for m in messages %}",
                "{{ messages",
                "{% unknown %}",
                "{{ unknown() }}",
                "{{ 'a'.nope() }}",
                "{% for m in messages if m.role == 'user' %}u{% endfor %}",
                "{% include 'logback.xml' %}",
                "{% import 'x' as y %}",
                "{% extends 'x' %}",
                "{{ messages | random }}",
                "{{ messages.getClass() }}",
                "{{ 'a'.getClass().forName('java.lang.Runtime') }}",
                "{{ ''.getBytes() }}",
                "{{ messages[0] | tojson(indent=2) }}"
            })
    void whatATemplateMayNotDoIsNamed(String template) {
        assertThatThrownBy(() -> render(template))
                .isInstanceOf(ChatTemplateException.Broken.class)
                .hasMessageContaining("The chat template");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{{ ''.class }}", "{{ messages.class }}", "{{ ''.class.classLoader }}", "{{ absent }}"})
    void whatDoesNotExistIsEmpty(String template) {
        assertThat(render(template)).isEmpty();
    }

    @Test
    void nestedLoopsEnd() {
        String loops = "{% for a in range(999) %}{% for b in range(999) %}{% for c in range(999) %}"
                + "{% endfor %}{% endfor %}{% endfor %}";

        ChatTemplate template = new ChatTemplate(loops, Map.of(), CLOCK, Duration.ofMillis(200));

        assertThatThrownBy(() -> template.render(MESSAGES, false))
                .isInstanceOf(ChatTemplateException.Broken.class)
                .hasMessageContaining("runs longer than 200 ms");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
                "{% set ns = namespace(s='0123456789') %}{% for i in range(40) %}{% set ns.s = ns.s + ns.s %}{% endfor %}{{ ns.s }}",
                "{% set ns = namespace(s='0123456789') %}{% for i in range(12) %}{% set ns.s = ns.s + ns.s %}{% endfor %}"
                        + "{% for i in range(999) %}{% for j in range(9) %}{{ ns.s }}{% endfor %}{% endfor %}"
            })
    void whatGrowsWithoutBoundIsStopped(String template) {
        assertThatThrownBy(() -> render(template)).isInstanceOf(ChatTemplateException.Broken.class);
    }

    private static String render(String template) {
        return new ChatTemplate(template, Map.of("bos_token", "<s>", "eos_token", "</s>"), CLOCK)
                .render(MESSAGES, false);
    }
}
