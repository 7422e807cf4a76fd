/** Files of tensors: safetensors, and PyTorch's own format. */
package dev.bellows.serialize;
