package dev.bellows.nn;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The members of other classes that a class's code names, read from the constant pool of its class
 * file. The compiler gives an inner class a reference to its outer object even if it does not use
 * it, so the reference alone proves nothing.
 */
final class CapturedUses {
  private static final int UTF8 = 1;
  private static final int LONG = 5;
  private static final int DOUBLE = 6;
  private static final int CLASS = 7;
  private static final int FIELD = 9;
  private static final int INTERFACE_METHOD = 11;
  private static final int NAME_AND_TYPE = 12;
  private static final int METHOD_HANDLE = 15;
  private static final Set<Integer> OF_TWO_BYTES = Set.of(CLASS, 8, 16, 19, 20);

  private static final ClassValue<Set<Use>> OF =
      new ClassValue<>() {
        @Override
        protected Set<Use> computeValue(Class<?> type) {
          String name = type.getName();
          String file = name.substring(name.lastIndexOf('.') + 1) + ".class";
          try (InputStream in = type.getResourceAsStream(file)) {
            return in == null ? Set.of() : read(new DataInputStream(in));
          } catch (IOException e) {
            return Set.of(); // generated at run time
          }
        }
      };

  /** A field of a class, or a method that reads it. */
  private record Use(String owner, String name) {}

  private CapturedUses() {}

  /**
   * Returns whether the code of {@code user} names member {@code name} of {@code owner} or of a
   * subclass.
   */
  static boolean has(Class<?> user, Class<?> owner, String name) {
    for (Class<?> c = owner; c != null; c = c.getSuperclass()) {
      if (OF.get(user).contains(new Use(c.getName(), name))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Reads the constant pool. Entries are numbered from 1; chapter 4.4 of the JVM specification
   * defines their layout.
   */
  private static Set<Use> read(DataInputStream in) throws IOException {
    in.readLong(); // magic and version
    int count = in.readUnsignedShort();
    Map<Integer, String> texts = new HashMap<>();
    Map<Integer, Integer> classes = new HashMap<>(); // class entry to the entry of its name
    Map<Integer, Integer> names = new HashMap<>();
    Set<Integer> members = new HashSet<>(); // class << 16 | name and type
    for (int i = 1; i < count; i++) {
      int tag = in.readUnsignedByte();
      if (tag == UTF8) {
        texts.put(i, in.readUTF());
      } else if (tag == LONG || tag == DOUBLE) {
        in.readLong();
        i++; // occupies two numbers
      } else if (OF_TWO_BYTES.contains(tag)) {
        int first = in.readUnsignedShort();
        if (tag == CLASS) {
          classes.put(i, first);
        }
      } else if (tag == METHOD_HANDLE) {
        in.readByte();
        in.readShort();
      } else {
        int both = in.readInt();
        if (tag == NAME_AND_TYPE) {
          names.put(i, both >>> 16);
        } else if (tag >= FIELD && tag <= INTERFACE_METHOD) {
          members.add(both);
        }
      }
    }
    Set<Use> uses = new HashSet<>();
    for (int both : members) {
      String owner = texts.get(classes.get(both >>> 16));
      uses.add(new Use(owner.replace('/', '.'), texts.get(names.get(both & 0xFFFF))));
    }
    return uses;
  }
}
