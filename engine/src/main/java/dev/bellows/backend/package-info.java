/**
 * The kernel interface, and the selection of a backend with its logged reason. Kernels take arrays
 * by address, sizes and strides, are issued on the calling thread's current stream of the device,
 * and return nothing to the host; on the CPU the stream is the calling thread itself.
 */
package dev.bellows.backend;
