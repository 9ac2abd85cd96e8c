package io.kaitoflow.inference.chat;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.el.JinjavaInterpreterResolver;
import com.hubspot.jinjava.el.JinjavaProcessors;
import com.hubspot.jinjava.interpret.Context.Library;
import com.hubspot.jinjava.lib.fn.ELFunctionDefinition;
import com.hubspot.jinjava.loader.ResourceNotFoundException;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Set;
import jinjava.javax.el.CompositeELResolver;

/**
 * Jinja as transformers sets it up, with nothing within reach but the conversation: no files, no classes, and bounds
 * on depth, size and time. Content is never interpreted, whatever it looks like.
 */
final class TemplateSandbox {

    private static final int DEEPEST_NESTING = 50;
    private static final int LONGEST_RANGE = 1_000;
    private static final long LONGEST_TEXT_BYTES = 16L << 20;
    private static final Set<String> FILE_TAGS = Set.of("include", "import", "from", "extends");
    private static final Set<String> OUTSIDE_FILTERS = Set.of("log", "random", "shuffle");

    private TemplateSandbox() {}

    static Jinjava create() {
        Jinjava jinjava = new Jinjava(configuration());
        jinjava.setResourceLocator((name, charset, interpreter) -> {
            throw new ResourceNotFoundException("A chat template has no files: " + name);
        });
        jinjava.registerFilter(new PythonJson());
        jinjava.registerTag(new GenerationTag());
        jinjava.registerFunction(function("raise_exception", "raiseException", Object.class));
        jinjava.registerFunction(function("strftime_now", "strftimeNow", String.class));
        return jinjava;
    }

    private static JinjavaConfig configuration() {
        CompositeELResolver resolver = new CompositeELResolver();
        resolver.add(new PythonMethods());
        resolver.add(JinjavaInterpreterResolver.DEFAULT_RESOLVER_READ_ONLY);
        return JinjavaConfig.newBuilder()
                .withTrimBlocks(true)
                .withLstripBlocks(true)
                .withNestedInterpretationEnabled(false)
                .withLegacyOverrides(likeJinja())
                .withElResolver(resolver)
                .withDisabled(Map.of(Library.TAG, FILE_TAGS, Library.FILTER, OUTSIDE_FILTERS))
                .withMaxRenderDepth(DEEPEST_NESTING)
                .withMaxMacroRecursionDepth(DEEPEST_NESTING)
                .withRangeLimit(LONGEST_RANGE)
                .withMaxOutputSize(LONGEST_TEXT_BYTES)
                .withMaxStringLength(LONGEST_TEXT_BYTES)
                .withProcessors(JinjavaProcessors.newBuilder()
                        .withNodePreProcessor((node, interpreter) -> TemplateRun.step())
                        .build())
                .build();
    }

    /** Everything that the library does as Jinja does only on request; but "{{x}}" needs no spaces in Jinja. */
    private static LegacyOverrides likeJinja() {
        return LegacyOverrides.Builder.from(LegacyOverrides.ALL)
                .withWhitespaceRequiredWithinTokens(false)
                .build();
    }

    private static ELFunctionDefinition function(String name, String method, Class<?> parameter) {
        try {
            Method target = TemplateRun.class.getDeclaredMethod(method, parameter);
            target.setAccessible(true);
            return new ELFunctionDefinition("", name, target);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("TemplateRun lost its method " + method, e);
        }
    }
}
