/** What the files of a model say of its shape: config.json and the metadata of GGUF. */
@NullMarked
package io.kaitoflow.inference.model.files;

import org.jspecify.annotations.NullMarked;
