/**
 * FLOAT32 loops on the Vector API. No other package names these classes, since they need the module
 * jdk.incubator.vector. Only exactly rounded operations are used, so that interpreted and compiled
 * code, scalar tails and vector bodies give the same bits.
 */
package dev.bellows.backend.cpu.vector;
