/** Local mode: this machine in place of the API server, the cloud and the cluster. */
@NullMarked
package io.kaitoflow.worker.cli.local;

import org.jspecify.annotations.NullMarked;
