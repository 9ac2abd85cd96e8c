/** What a user asks for, free of Kubernetes: the input of a workspace's workflow. */
@NullMarked
package io.kaitoflow.workflows.request;

import org.jspecify.annotations.NullMarked;
