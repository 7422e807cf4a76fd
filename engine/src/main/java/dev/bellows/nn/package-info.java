/**
 * Modules, whose fields are the registry of parameters, buffers and submodules; state dicts,
 * initialisation, and the functions that layers use.
 */
package dev.bellows.nn;
