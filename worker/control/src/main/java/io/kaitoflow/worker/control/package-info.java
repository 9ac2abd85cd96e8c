/** The control plane's process: it runs the workflows and the platform activities, and speaks to running workspaces. */
@NullMarked
package io.kaitoflow.worker.control;

import org.jspecify.annotations.NullMarked;
