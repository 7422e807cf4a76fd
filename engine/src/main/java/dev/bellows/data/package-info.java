/**
 * Input data: datasets and sources of rows, their order, batches, loaders, and readers of files.
 */
package dev.bellows.data;
