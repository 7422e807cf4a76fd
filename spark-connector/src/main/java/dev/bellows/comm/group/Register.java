package dev.bellows.comm.group;

import dev.bellows.comm.algorithms.Operation;

/**
 * The operations of one kind that have begun and not ended: numbers them, and finds the one that a
 * frame belongs to. Confined to the event thread.
 */
interface Register<O extends Operation> {
  /** Adds an operation and returns its number. */
  long enter(O operation);

  /** Delivers what arrived for an operation before it began. */
  void catchUp(O operation);

  /** Removes an operation that has ended. */
  void leave(O operation);
}
