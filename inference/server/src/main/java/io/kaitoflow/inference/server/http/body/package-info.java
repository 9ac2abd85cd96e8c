/** Bodies of requests, read strictly: what is not understood is refused by its path. */
@NullMarked
package io.kaitoflow.inference.server.http.body;

import org.jspecify.annotations.NullMarked;
