package dev.bellows.nn;

import static dev.bellows.errors.Messages.message;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A module whose members have names of the user's choice.
 *
 * @param <T> what the members are
 */
abstract class MemberDict<T> extends Module {
  @SuppressWarnings("unchecked") // nothing else is registered
  final Map<String, T> map() {
    return (Map<String, T>) members(new ArrayList<>());
  }

  /** Registers a member. */
  abstract void registerAs(String name, T member);

  /** Returns the member of a name. */
  final T entry(String name) {
    T member = map().get(name);
    if (member == null) {
      throw new IllegalArgumentException(
          message("%s: no entry '%s'; there are %s", getClass().getSimpleName(), name, keys()));
    }
    return member;
  }

  /** Returns whether there is an entry of this name. */
  public final boolean contains(String name) {
    return map().containsKey(name);
  }

  /** Returns the names, in order. */
  public final Set<String> keys() {
    return Collections.unmodifiableSet(map().keySet());
  }

  /** Returns the members, in order. */
  public final List<T> values() {
    return List.copyOf(map().values());
  }

  /** Returns names and members, in order. */
  public final Set<Map.Entry<String, T>> entries() {
    return Collections.unmodifiableMap(map()).entrySet();
  }

  /** Returns the number of entries. */
  public final int size() {
    return map().size();
  }

  /**
   * Removes an entry and returns its member.
   *
   * @throws IllegalArgumentException if there is none
   */
  public final T remove(String name) {
    T member = entry(name);
    unregister(name);
    return member;
  }

  /** Removes all entries. */
  public final void clear() {
    keys().forEach(this::unregister);
  }
}
