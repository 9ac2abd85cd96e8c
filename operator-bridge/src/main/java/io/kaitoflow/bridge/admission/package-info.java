/**
 * The validating webhook: the refusals that schema and rules cannot give, by the same translator as {@code kaitoflow check}. Talks
 * to its API server alone, reads ConfigMaps and never a Secret, and answers within the API server's two seconds or says what it
 * could not look at. Whatever it lets through is checked again before anything is bought.
 */
@NullMarked
package io.kaitoflow.bridge.admission;

import org.jspecify.annotations.NullMarked;
