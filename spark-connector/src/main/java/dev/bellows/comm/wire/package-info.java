/**
 * Frames as bytes: {@code FrameCodec} writes a frame, {@code FrameReader} reads the frames of one
 * connection, payloads straight from and to the memory of tensors ({@code Target}, {@code
 * ReadBuffers}); {@code FrameRules} is checked before anything is allocated.
 */
package dev.bellows.comm.wire;
