/** Where rows come from: batches, sources of them, their order, and readers of data files. */
package dev.bellows.data;
