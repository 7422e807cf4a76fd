/** Runnable examples, on the public API only. */
package dev.bellows.examples;
