/** Losses as modules, which call {@code Functional}. */
package dev.bellows.nn.loss;
