package dev.bellows.backend;

/**
 * Options of attention.
 *
 * @param scale factor of the products of queries and keys
 * @param causal whether query i attends to the keys up to i only
 */
public record AttentionArgs(double scale, boolean causal) {}
