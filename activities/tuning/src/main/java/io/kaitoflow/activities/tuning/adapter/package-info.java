/** What is trained, and PEFT's form of it on disk. */
@NullMarked
package io.kaitoflow.activities.tuning.adapter;

import org.jspecify.annotations.NullMarked;
