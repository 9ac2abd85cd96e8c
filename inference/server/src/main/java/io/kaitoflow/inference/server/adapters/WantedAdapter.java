package io.kaitoflow.inference.server.adapters;

import java.nio.file.Path;

/**
 * An adapter as it is to be served; another folder or strength is another adapter.
 *
 * @param name that requests use
 * @param folder as PEFT saves it; its contents never change
 * @param strength multiplies what it adds, from 0 to 1
 */
public record WantedAdapter(String name, Path folder, double strength) {}
