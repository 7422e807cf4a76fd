/** The safetensors file format for tensors. */
package dev.bellows.serialize;
