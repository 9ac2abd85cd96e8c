/** What namespaces may hold at once, and the queues of those that wait for their turn, one ConfigMap a namespace. */
@NullMarked
package io.kaitoflow.activities.nodes.quota;

import org.jspecify.annotations.NullMarked;
