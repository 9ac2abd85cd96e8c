/** Types of Kubernetes as the custom resource definition shows them: the fields that count here, with the words that explain them. */
@NullMarked
package io.kaitoflow.bridge.api.schema;

import org.jspecify.annotations.NullMarked;
