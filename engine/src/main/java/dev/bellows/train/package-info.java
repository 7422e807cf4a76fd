/** The one train loop, used alone and by every executor, and the fixed tree that adds gradients. */
package dev.bellows.train;
