/**
 * Collectives between the ranks of a training job: process groups over Netty or inside one JVM,
 * whose sums have the same bits for every number of ranks. Knows nothing of Spark.
 *
 * <p>The pieces: a {@link dev.bellows.comm.NettyEndpoint} listens and connects; the {@link
 * dev.bellows.comm.ProcessGroup} numbers operations and moves their frames on one event-loop
 * thread, to which all its state is confined; a transport carries frames and knows nothing of
 * operations. Where each thing is:
 *
 * <ul>
 *   <li>operations: {@code AllReduce} (also reduce-scatter), {@code DoublingAllReduce}, {@code
 *       AllGather}, {@code Broadcast}, {@code Barrier}, {@code Message}; which of the two
 *       all-reduces is taken, and the cost model: {@code Algorithm}
 *   <li>sums in tree order: {@code SegmentSum} and {@code PartialSet}; element by element: {@code
 *       Sums}
 *   <li>the wire: {@code FrameCodec} writes and {@code FrameReader} reads frames, payloads straight
 *       from and to the memory of tensors ({@code ReadBuffers}); {@code FrameRules} is checked
 *       before anything is allocated
 *   <li>shared memory between ranks of one machine: frames go through the socket as ever, payloads
 *       through a ring ({@code SharedWriter}, {@code SharedReader}) once {@code SharedPath} has
 *       agreed on one; where its memory comes from: {@code SharedFile}
 *   <li>bounded memory: {@code Outbox} and {@code EarlyFrames} count what is sent ahead of a peer
 *       with one measure; sockets have water marks, and a full ring holds a connection back like
 *       those
 *   <li>who may join: {@code HandshakeHandler} and {@code HandshakeRules}, {@code Hkdf}, {@link
 *       dev.bellows.comm.TlsConfig}
 * </ul>
 */
package dev.bellows.comm;
