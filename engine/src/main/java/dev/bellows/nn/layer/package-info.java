/** Layers: modules that hold parameters and call functions of {@code dev.bellows.nn.Functional}. */
package dev.bellows.nn.layer;
