package dev.bellows.nn;

import dev.bellows.autograd.HookHandle;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;

/**
 * Hooks of one kind, in the order in which they run. An iteration sees the hooks that were
 * registered when it began, so that a hook may remove itself and others.
 */
final class HookList<T> implements Iterable<T> {
  // replaced, never changed
  private List<Entry<T>> entries = List.of();

  /** Gives a registration an identity: one function may be registered twice and removed once. */
  private static final class Entry<T> {
    private final T hook;

    Entry(T hook) {
      this.hook = hook;
    }
  }

  /** Appends a hook; the handle removes it. */
  HookHandle add(T hook) {
    return add(hook, false);
  }

  /** Adds a hook before or after all others; the handle removes it. */
  HookHandle add(T hook, boolean prepend) {
    Entry<T> entry = new Entry<>(Objects.requireNonNull(hook, "hook"));
    List<Entry<T>> longer = new ArrayList<>(entries);
    longer.add(prepend ? 0 : longer.size(), entry);
    entries = List.copyOf(longer);
    return () -> entries = entries.stream().filter(other -> other != entry).toList();
  }

  /** Returns a list with the same hooks, from which the handles of this one do not remove. */
  HookList<T> copy() {
    HookList<T> copy = new HookList<>();
    copy.entries = entries;
    return copy;
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  @Override
  public Iterator<T> iterator() {
    return entries.stream().map(entry -> entry.hook).iterator();
  }
}
