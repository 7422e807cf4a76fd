/**
 * The fixed binary tree in which the gradients of a global batch are added, on one rank and over
 * all.
 */
package dev.bellows.reduction;
