/**
 * Carries frames between ranks and knows nothing of operations: over one TCP connection per peer
 * ({@code NettyTransport}), with shared memory on one machine, or inside this JVM ({@code
 * LocalTransport}). All of a transport is confined to one event thread.
 */
package dev.bellows.comm.transport;
