/** Training steps and single operations on a GPU, beside PyTorch's on the same card. */
package dev.bellows.benchmarks.gpu;
