/**
 * Plain loops for every type and layout: the test oracle of the other backends and their fallback.
 */
package dev.bellows.backend.reference;
