package dev.bellows.nn;

import static dev.bellows.errors.Messages.message;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/**
 * A module whose members are named "0", "1" and so on.
 *
 * @param <T> what the members are
 * @param <L> the subclass
 */
abstract class MemberList<T, L extends MemberList<T, L>> extends Module implements Iterable<T> {
  /** Registers a member. */
  abstract void registerAs(String name, T member);

  @SuppressWarnings("unchecked") // the subclass says so
  private L itself() {
    return (L) this;
  }

  @SuppressWarnings("unchecked") // nothing else is registered
  final List<T> entries() {
    return (List<T>) new ArrayList<>(members(new ArrayList<>()).values());
  }

  final L add(T member) {
    registerAs(Integer.toString(size()), member);
    return itself();
  }

  /** Registers the given entries, which are members already, in place of all. */
  private void reorder(List<T> entries) {
    for (int i = size(); i-- > 0; ) {
      unregister(Integer.toString(i));
    }
    entries.forEach(this::add);
  }

  final L addAt(int i, T member) {
    int size = size();
    int place = i == size ? i : index(i, size);
    add(member);
    List<T> entries = entries();
    entries.add(place, entries.remove(size));
    reorder(entries);
    return itself();
  }

  final L setAt(int i, T member) {
    registerAs(Integer.toString(index(i, size())), member);
    return itself();
  }

  /** Returns the number of entries. */
  public final int size() {
    return members(new ArrayList<>()).size();
  }

  /**
   * Removes the i-th entry, counted from the end if negative, and renames those after it.
   *
   * @return the entry
   * @throws IndexOutOfBoundsException if there is none
   */
  public final T remove(int i) {
    List<T> entries = entries();
    T removed = entries.remove(index(i, entries.size()));
    reorder(entries);
    return removed;
  }

  /** Returns an iterator over the entries that does not see later changes. */
  @Override
  public final Iterator<T> iterator() {
    return Collections.unmodifiableList(entries()).iterator();
  }

  /**
   * Returns an index from 0 for one that may count from the end.
   *
   * @throws IndexOutOfBoundsException if it is outside
   */
  static int index(int i, int size) {
    if (i < -size || i >= size) {
      throw new IndexOutOfBoundsException(
          message("index %s is out of range; there are %s entries", i, size));
    }
    return i < 0 ? i + size : i;
  }
}
