/**
 * Process groups: {@link dev.bellows.comm.group.NettyEndpoint} and {@link
 * dev.bellows.comm.group.ProcessGroups} open them.
 *
 * <p>{@code Group} is what callers use. {@code GroupLoop} runs on the event thread and owns all
 * state: it numbers operations ({@code Collectives}, {@code PointToPoint}), gives them the frames
 * that arrive ({@code Arrivals}), sends theirs ({@code Outboxes}), and ends the group at the first
 * failure; {@code Watch} finds stalled operations and silent peers. {@code Outbox} and {@code
 * EarlyFrames} bound the memory for frames ahead of a peer with one measure.
 */
package dev.bellows.comm.group;
