/** Runnable examples that use the public API only. */
package dev.bellows.examples;
