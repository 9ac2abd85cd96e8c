/** Registry logins that docker's helpers keep. */
@NullMarked
package io.kaitoflow.activities.image.login;

import org.jspecify.annotations.NullMarked;
