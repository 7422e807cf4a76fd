/**
 * Storage of numbers: element types, devices, pooled off-heap memory and strided array descriptors.
 */
package dev.bellows.memory;
