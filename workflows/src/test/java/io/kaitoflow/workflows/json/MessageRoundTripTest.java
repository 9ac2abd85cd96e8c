package io.kaitoflow.workflows.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.kaitoflow.workflows.request.AdapterReference;
import io.kaitoflow.workflows.request.ServingTerms;
import io.kaitoflow.workflows.workspace.WorkspaceWorkflow;
import io.temporal.activity.ActivityInterface;
import io.temporal.api.common.v1.Payload;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.GlobalDataConverter;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A message that arrives other than it was sent would make a replay, or a step key, another one. */
class MessageRoundTripTest {

    private static final DataConverter CONVERTER = GlobalDataConverter.get();

    @ParameterizedTest
    @MethodSource("messages")
    void arrivesAsItWasSent(Object message) {
        Payload travelling = CONVERTER.toPayload(message).orElseThrow();

        Object arrived = CONVERTER.fromPayload(travelling, message.getClass(), message.getClass());

        assertThat(arrived).isEqualTo(message);
    }

    @Test
    void everyMessageOfTheContractIsTried() {
        Set<String> tried =
                Messages.all().map(message -> message.getClass().getName()).collect(Collectors.toSet());

        assertThat(ofTheContract())
                .isNotEmpty()
                .allSatisfy(name -> assertThat(tried).contains(name));
    }

    /** Histories hold it, and processes of an earlier release read it. */
    @Test
    void anAdapterOfAnImageIsWrittenAsBeforeVolumesWereServed() {
        String before =
                "{\"name\":\"facts\",\"image\":\"registry.example.com/adapters/geo:1.0\",\"pullSecrets\":[],\"strength\":0.5}";
        AdapterReference adapter = new AdapterReference("facts", Messages.IMAGE, List.of(), 0.5);

        Payload travelling = CONVERTER.toPayload(adapter).orElseThrow();

        assertThat(travelling.getData().toStringUtf8()).isEqualTo(before);
        assertThat(CONVERTER.fromPayload(travelling, AdapterReference.class, AdapterReference.class))
                .isEqualTo(adapter);
    }

    /** The same, of servers that ask for no key. */
    @Test
    void theTermsOfAServerThatAsksForNoKeyAreWrittenAsBeforeThereWereKeys() {
        String before = "{\"measured\":true,\"loadBalancer\":true}";
        ServingTerms terms = new ServingTerms(true, true);

        Payload travelling = CONVERTER.toPayload(terms).orElseThrow();

        assertThat(travelling.getData().toStringUtf8()).isEqualTo(before);
        assertThat(CONVERTER.fromPayload(travelling, ServingTerms.class, ServingTerms.class))
                .isEqualTo(terms);
    }

    static Stream<Object> messages() {
        return Messages.all();
    }

    /** Parameters and results of all activities and of the workflow's own methods that are types of ours. */
    private static Set<String> ofTheContract() {
        return new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("io.kaitoflow.workflows")
                        .stream()
                        .filter(type -> type.isAnnotatedWith(ActivityInterface.class)
                                || type.isEquivalentTo(WorkspaceWorkflow.class))
                        .flatMap(type -> type.getMethods().stream())
                        .flatMap(MessageRoundTripTest::travellers)
                        .map(JavaClass::getName)
                        .filter(name -> name.startsWith("io.kaitoflow."))
                        .collect(Collectors.toSet());
    }

    private static Stream<JavaClass> travellers(JavaMethod method) {
        return Stream.concat(method.getRawParameterTypes().stream(), Stream.of(method.getRawReturnType()));
    }
}
