/** Transforms of images, with random numbers from a generator. */
package dev.bellows.data.transform;
