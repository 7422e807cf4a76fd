/** Automatic mixed precision: {@code Autocast} and {@code GradScaler}. */
package dev.bellows.amp;
