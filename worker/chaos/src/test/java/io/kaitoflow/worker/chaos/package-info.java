/** Every process on a workspace's way is killed at every step of it, by seed; what is right is read from the world outside. */
@NullMarked
package io.kaitoflow.worker.chaos;

import org.jspecify.annotations.NullMarked;
