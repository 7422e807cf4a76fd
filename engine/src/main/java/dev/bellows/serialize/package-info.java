/** Files of tensors: the safetensors format. */
package dev.bellows.serialize;
