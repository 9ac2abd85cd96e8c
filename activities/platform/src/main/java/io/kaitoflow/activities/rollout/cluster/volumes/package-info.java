/** What pods find in their file system: data, adapters, secrets, and room of their own. */
@NullMarked
package io.kaitoflow.activities.rollout.cluster.volumes;

import org.jspecify.annotations.NullMarked;
