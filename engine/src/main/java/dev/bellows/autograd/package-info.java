/**
 * The graph that forward records and the backward pass that traverses it: nodes and edges, saved
 * tensors with version checks, gradient mode, hooks and the numerical gradient check.
 */
package dev.bellows.autograd;
