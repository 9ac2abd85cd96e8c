/** What is left of a training for people to look at: its losses step by step, as numbers, as a line of text and as a picture. */
@NullMarked
package io.kaitoflow.activities.tuning.report;

import org.jspecify.annotations.NullMarked;
