/** JSON that follows a schema, one character after the other: what may come next, and which tokens say it. */
@NullMarked
package io.kaitoflow.inference.server.schema;

import org.jspecify.annotations.NullMarked;
