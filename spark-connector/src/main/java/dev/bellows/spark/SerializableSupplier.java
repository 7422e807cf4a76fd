package dev.bellows.spark;

import java.io.Serializable;
import java.util.function.Supplier;

/**
 * A supplier that Spark can send to executors.
 *
 * @param <T> type of the supplied values
 */
@FunctionalInterface
public interface SerializableSupplier<T> extends Supplier<T>, Serializable {}
