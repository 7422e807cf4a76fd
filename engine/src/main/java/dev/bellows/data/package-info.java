/** Input data: batches, sources of rows, their order, and readers of data files. */
package dev.bellows.data;
