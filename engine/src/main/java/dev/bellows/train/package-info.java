/** The one train loop, used alone and by every executor. */
package dev.bellows.train;
