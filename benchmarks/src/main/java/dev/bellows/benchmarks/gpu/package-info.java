/** Training steps and single operations on a GPU, compared with PyTorch on the same GPU. */
package dev.bellows.benchmarks.gpu;
