/** What leased machines cost, and how far bounded work may go. Pure. */
@NullMarked
package io.kaitoflow.workflows.cost;

import org.jspecify.annotations.NullMarked;
