package dev.bellows.nn;

/**
 * Options whose methods return a copy with one of them changed.
 *
 * @param <O> the subclass
 */
abstract class ChangedByCopy<O extends ChangedByCopy<O>> implements Cloneable {
  @Override
  @SuppressWarnings("unchecked") // the subclass says so
  protected final O clone() {
    try {
      return (O) super.clone();
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }
}
