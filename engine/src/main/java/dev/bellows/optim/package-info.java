/** Optimizers with parameter groups and state, and gradient clipping. */
package dev.bellows.optim;
