/**
 * One class for one operation: the shape rule, the forward and the backward. Backward is written
 * with tensor operations, so gradients of gradients work. A public static method whose first
 * parameter is {@code Tensor self} is a method of the tensor too; see {@code TensorMethods}.
 */
package dev.bellows.ops;
