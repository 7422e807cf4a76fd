/** Fast CPU kernels: oneDNN for matmul, convolution and pooling, Vector API loops for the rest. */
package dev.bellows.backend.cpu;
