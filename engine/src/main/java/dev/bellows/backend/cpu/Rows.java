package dev.bellows.backend.cpu;

import dev.bellows.memory.Block;

/**
 * Rows of FLOAT32 elements as {@link Loops} walk them.
 *
 * @param block the memory
 * @param at byte position of the first element in the block
 * @param rowBytes bytes from one row to the next, 0 to repeat a row
 * @param repeats whether a row is one element that repeats
 */
public record Rows(Block block, long at, long rowBytes, boolean repeats) {}
