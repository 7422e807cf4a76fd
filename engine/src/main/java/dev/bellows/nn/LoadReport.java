package dev.bellows.nn;

import java.util.List;

/**
 * What a state dict and a module did not share.
 *
 * @param missing keys of the module that the state dict lacked; they kept their values
 * @param unexpected keys of the state dict that the module does not have; they were ignored
 */
public record LoadReport(List<String> missing, List<String> unexpected) {}
