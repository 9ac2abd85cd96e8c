package io.kaitoflow.workflows.workspace;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The history of this test's run is kept under the test's name and replayed on every build. {@code -Dkaitoflow.record=true} records
 * those that are not there yet, and never one anew.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Recorded {}
