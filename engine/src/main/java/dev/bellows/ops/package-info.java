/**
 * One class for one operation: the shape rule, the forward and the backward. Backward is written
 * with tensor operations, so gradients of gradients work.
 */
package dev.bellows.ops;
