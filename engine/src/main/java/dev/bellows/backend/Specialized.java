package dev.bellows.backend;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Creates one copy of a loop class per operation. The operation is a constant of the copy, so the
 * compiler sees one function in the loop, and each copy has its own profile; a shared loop would be
 * compiled for all operations at once, with a call per element. A template must not use lambdas or
 * nested classes.
 */
public final class Specialized {
  private Specialized() {}

  /**
   * Returns a new instance of a copy of a class.
   *
   * @param home a lookup in the template's package
   * @param constant the value that {@link #constant} returns to the copy
   */
  public static <T> T copy(
      MethodHandles.Lookup home, Class<T> type, Class<? extends T> template, Object constant) {
    String file = template.getSimpleName() + ".class";
    try (InputStream in = template.getResourceAsStream(file)) {
      MethodHandles.Lookup copy =
          home.defineHiddenClassWithClassData(in.readAllBytes(), constant, true);
      return type.cast(
          copy.findConstructor(copy.lookupClass(), MethodType.methodType(void.class)).invoke());
    } catch (IOException e) {
      throw new UncheckedIOException("loops: " + file + " must be readable", e);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("loops: " + file + " must be copyable", e);
    }
  }

  /** Returns the constant of the calling class; to be called from its static initialiser. */
  public static <T> T constant(MethodHandles.Lookup caller, Class<T> type) {
    try {
      return MethodHandles.classData(caller, "_", type);
    } catch (IllegalAccessException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}
