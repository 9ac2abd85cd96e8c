/** What travels through Temporal arrives as it was sent. */
@NullMarked
package io.kaitoflow.workflows.json;

import org.jspecify.annotations.NullMarked;
