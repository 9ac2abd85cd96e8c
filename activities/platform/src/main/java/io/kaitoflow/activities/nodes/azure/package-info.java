/** Machines of Azure: one AKS agent pool a lease, made and deleted through Azure Resource Manager. */
@NullMarked
package io.kaitoflow.activities.nodes.azure;

import org.jspecify.annotations.NullMarked;
