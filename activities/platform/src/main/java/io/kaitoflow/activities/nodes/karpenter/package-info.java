/** Machines through Karpenter: one {@code karpenter.sh/v1} NodeClaim a machine; gpu-provisioner understands the same objects. */
@NullMarked
package io.kaitoflow.activities.nodes.karpenter;

import org.jspecify.annotations.NullMarked;
