/** The keys of which callers must show one, where they lie, and who asks for them. */
@NullMarked
package io.kaitoflow.inference.server.keys;

import org.jspecify.annotations.NullMarked;
