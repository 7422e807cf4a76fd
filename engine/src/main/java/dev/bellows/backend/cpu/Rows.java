package dev.bellows.backend.cpu;

import dev.bellows.memory.Block;

/**
 * Rows of elements, the operands of loops; those of {@link Loops} are FLOAT32.
 *
 * @param block the memory
 * @param at byte offset of the first element in the block
 * @param rowBytes bytes between the starts of neighbouring rows, 0 to repeat a row
 * @param repeats whether a row is one repeated element
 */
public record Rows(Block block, long at, long rowBytes, boolean repeats) {
  /** Returns the address of the first element. */
  long address() {
    return block.address() + at;
  }
}
