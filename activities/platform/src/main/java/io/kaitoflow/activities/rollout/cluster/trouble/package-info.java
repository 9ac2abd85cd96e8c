/** What may be wrong with a pod, as Kubernetes tells it, and how long it is borne. */
@NullMarked
package io.kaitoflow.activities.rollout.cluster.trouble;

import org.jspecify.annotations.NullMarked;
