/** Why a step failed, whether it is tried again, and what a user can do. */
@NullMarked
package io.kaitoflow.workflows.failure;

import org.jspecify.annotations.NullMarked;
