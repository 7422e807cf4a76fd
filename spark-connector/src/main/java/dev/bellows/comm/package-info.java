/**
 * Collectives between the ranks of a training job, whose sums have the same bits for every number
 * of ranks. This package holds what callers see: {@link dev.bellows.comm.ProcessGroup} and its
 * types, {@link dev.bellows.comm.CommConfig}, {@link dev.bellows.comm.CommException}. Knows nothing
 * of Spark.
 *
 * <p>A rank listens with {@code group.NettyEndpoint} and connects to all others; inside one JVM,
 * {@code group.ProcessGroups} makes all ranks. The packages below, each of which imports only this
 * one and those before it:
 *
 * <ul>
 *   <li>{@code wire}: frames as bytes, payloads straight from and to the memory of tensors
 *   <li>{@code shared}: payloads through shared memory between ranks of one machine
 *   <li>{@code admission}: who may join
 *   <li>{@code transport}: carries frames between ranks and knows nothing of operations
 *   <li>{@code algorithms}: the operations and the sums in tree order; knows no transport
 *   <li>{@code group}: runs operations over a transport, on its event thread
 * </ul>
 */
package dev.bellows.comm;
