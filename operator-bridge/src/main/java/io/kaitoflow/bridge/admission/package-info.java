/**
 * The validating webhook: the refusals that schema and rules cannot give, by the same translator as {@code kaitoflow check}. Talks
 * to its API server alone, reads ConfigMaps and never a Secret, and answers within the API server's two seconds or says what it
 * could not look at. What it lets through is translated again before anything is bought, but who wrote it is known to admission
 * alone: {@link io.kaitoflow.bridge.admission.AuthorRule} is asked here, and by a policy in an API server that has policies. A
 * workspace that cannot be judged is therefore refused.
 */
@NullMarked
package io.kaitoflow.bridge.admission;

import org.jspecify.annotations.NullMarked;
