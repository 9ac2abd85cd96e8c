/** Brings base models to this machine: from a hub, a package index or a registry, checked by digest, kept in a cache. */
@NullMarked
package io.kaitoflow.activities.model;

import org.jspecify.annotations.NullMarked;
