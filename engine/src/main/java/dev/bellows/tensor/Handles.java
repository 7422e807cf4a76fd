package dev.bellows.tensor;

import dev.bellows.memory.MemoryPool;
import dev.bellows.memory.Storage;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;

/**
 * Finds handles that became unreachable without being closed, and ends their use of the storage.
 * The references form a doubly linked list, polled whenever memory is asked for: no thread, no lock
 * held for long.
 */
final class Handles {
  private static final ReferenceQueue<Tensor> QUEUE = new ReferenceQueue<>();
  private static final Object LOCK = new Object();
  private static Ref first;

  static {
    MemoryPool.cpu().reclamation().setFinder(Handles::reclaim);
  }

  private Handles() {}

  static Ref track(Tensor tensor, Storage storage) {
    reclaim(); // a loop that makes views alone never asks for memory
    Ref ref = new Ref(tensor, storage);
    synchronized (LOCK) {
      ref.next = first;
      if (first != null) {
        first.previous = ref;
      }
      first = ref;
    }
    return ref;
  }

  /** Forgets a handle that was closed; returns false if it had been reclaimed already. */
  static boolean untrack(Ref ref) {
    synchronized (LOCK) {
      if (ref.dead) {
        return false;
      }
      ref.dead = true;
      if (ref.previous == null) {
        first = ref.next;
      } else {
        ref.previous.next = ref.next;
      }
      if (ref.next != null) {
        ref.next.previous = ref.previous;
      }
      ref.next = null; // else one reference that lives on would hold all that were made after it
      ref.previous = null;
    }
    ref.clear();
    return true;
  }

  /** Releases what unreachable handles held; returns whether there was any. */
  static boolean reclaim() {
    boolean any = false;
    Ref ref;
    while ((ref = (Ref) QUEUE.poll()) != null) {
      if (untrack(ref)) {
        ref.storage.release();
        any = true;
      }
    }
    return any;
  }

  static final class Ref extends PhantomReference<Tensor> {
    private final Storage storage;
    private Ref previous;
    private Ref next;
    private boolean dead;

    Ref(Tensor tensor, Storage storage) {
      super(tensor, QUEUE);
      this.storage = storage;
    }
  }
}
