package dev.bellows.nn;

import java.util.List;

/**
 * Differences between a state dict and a module.
 *
 * @param missing keys of the module that are not in the state dict; their tensors kept their values
 * @param unexpected keys of the state dict that the module does not have; they were ignored
 */
public record LoadReport(List<String> missing, List<String> unexpected) {}
