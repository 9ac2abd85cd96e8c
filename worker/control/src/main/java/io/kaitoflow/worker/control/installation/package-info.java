/** Programs of the control plane's image that an installation runs beside it: once after it came, once before it goes. */
@NullMarked
package io.kaitoflow.worker.control.installation;

import org.jspecify.annotations.NullMarked;
