/** Real parts of Kubernetes on this machine, for tests: started in seconds, killed and restarted at will, gone afterwards. */
@NullMarked
package io.kaitoflow.testcluster;

import org.jspecify.annotations.NullMarked;
