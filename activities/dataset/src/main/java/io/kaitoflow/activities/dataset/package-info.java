/** Brings training rows to the machine that trains: fetched, read, checked, tokenised and reported. */
@NullMarked
package io.kaitoflow.activities.dataset;

import org.jspecify.annotations.NullMarked;
