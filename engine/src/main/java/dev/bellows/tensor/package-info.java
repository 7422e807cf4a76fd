/** The user's handle on an array: factories, views, arithmetic, gradients and lifetime. */
package dev.bellows.tensor;
