package dev.bellows.backend.cpu.vector;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Makes one copy of a loop class per operation. The operation is a constant of the copy, so the
 * compiler removes the switch over operations from the loop, and each copy has a profile of its
 * own; one shared loop would be compiled for all operations at once, with boxed vectors. A template
 * must not use lambdas or nested classes.
 */
final class Specialized {
  private Specialized() {}

  /** A new instance of a copy of {@code template} whose constant is {@code value}. */
  static <T> T copy(Class<T> type, Class<? extends T> template, int value) {
    String file = template.getSimpleName() + ".class";
    try (InputStream in = template.getResourceAsStream(file)) {
      MethodHandles.Lookup copy =
          MethodHandles.lookup().defineHiddenClassWithClassData(in.readAllBytes(), value, true);
      return type.cast(
          copy.findConstructor(copy.lookupClass(), MethodType.methodType(void.class)).invoke());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("vector loops: " + file + " must be readable", e);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("vector loops: " + file + " must be copyable", e);
    }
  }

  /** The constant of the class that calls this from its static initialiser. */
  static int constant(MethodHandles.Lookup caller) {
    try {
      return MethodHandles.classData(caller, "_", Integer.class);
    } catch (IllegalAccessException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}
