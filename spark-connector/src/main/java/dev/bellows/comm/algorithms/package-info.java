/**
 * The operations of a process group, each a state machine driven by frames: {@code AllReduce} (also
 * reduce-scatter), {@code DoublingAllReduce}, {@code AllGather}, {@code Broadcast}, {@code Barrier}
 * and {@code Message}. {@code Operations} makes them; {@code Algorithm} is the cost model that
 * chooses between the two all-reduces.
 *
 * <p>Sums in tree order are {@code SegmentSum} and {@code PartialSet}, element by element {@code
 * Sums}. Operations know neither sockets nor each other: {@code GroupContext} is all they use of
 * their group.
 */
package dev.bellows.comm.algorithms;
