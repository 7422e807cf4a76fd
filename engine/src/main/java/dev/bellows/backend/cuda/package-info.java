/**
 * The backend for NVIDIA GPUs: the driver, NVRTC and cuBLAS behind JCuda, a stream-ordered caching
 * allocator, and kernels compiled at first use.
 */
package dev.bellows.backend.cuda;
