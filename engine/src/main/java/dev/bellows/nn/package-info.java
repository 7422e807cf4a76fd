/**
 * Modules, whose fields are the registry of parameters, buffers and submodules; state dicts,
 * initialisation, and the functions layers are made of.
 */
package dev.bellows.nn;
