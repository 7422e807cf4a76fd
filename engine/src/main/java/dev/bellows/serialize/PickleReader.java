package dev.bellows.serialize;

import static dev.bellows.errors.Messages.message;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads pickles of plain values: None, numbers, strings, bytes, lists, tuples, sets and
 * dictionaries. Whatever a pickle names besides is left to a {@link Resolver}; nothing is looked up
 * or run. Dictionaries have numbers and strings as keys. Source: the opcodes of Python's {@code
 * pickletools}, protocols 2 to 5.
 */
final class PickleReader {
  /** Bounds the memory that small opcodes take once read. */
  private static final int MAX_OBJECTS = 2_000_000;

  private static final int MAX_DEPTH = 1000;
  private static final Object MARK = new Object();

  /** Makes the values of names that are not plain. */
  interface Resolver {
    /** Returns a stand-in for a name; throws if it is not allowed. */
    Object global(String module, String name) throws IOException;

    /** Returns the result of a call; throws if it is not allowed. */
    Object call(Object function, List<?> arguments) throws IOException;

    /** Returns the value of a persistent id. */
    Object persistent(Object id) throws IOException;
  }

  private final InputStream in;
  private final Resolver resolver;
  private final List<Object> stack = new ArrayList<>();
  private final Map<Integer, Object> memo = new HashMap<>();
  private int objects;
  private int marks;

  private PickleReader(InputStream in, Resolver resolver) {
    this.in = in;
    this.resolver = resolver;
  }

  /** Reads one pickle and leaves the stream after it. */
  static Object read(InputStream in, Resolver resolver) throws IOException {
    return new PickleReader(in, resolver).run();
  }

  private Object run() throws IOException {
    while (true) {
      int opcode = in.read();
      if (opcode < 0) {
        throw bad("pickle ends before its STOP");
      }
      if (opcode == '.') {
        return pop();
      }
      if (++objects > MAX_OBJECTS) {
        throw bad("pickle must have at most " + MAX_OBJECTS + " operations");
      }
      if (!constant(opcode) && !structure(opcode) && !memory(opcode)) {
        throw bad(
            message(
                "pickle operation 0x%s is not one that torch.save writes",
                Integer.toHexString(opcode)));
      }
    }
  }

  private boolean constant(int opcode) throws IOException {
    switch (opcode) {
      case 0x80 -> version(in.read());
      case 0x95 -> bytes(8); // FRAME
      case 'N' -> push(null);
      case 0x88 -> push(true);
      case 0x89 -> push(false);
      case 'J' -> push((long) (int) number(4));
      case 'K' -> push(number(1));
      case 'M' -> push(number(2));
      case 0x8a -> push(integer(bytes((int) number(1))));
      case 0x8b -> push(integer(bytes(size(number(4)))));
      case 'G' -> push(ByteBuffer.wrap(bytes(8)).getDouble());
      case 'X' -> push(text(size(number(4))));
      case 0x8c -> push(text((int) number(1)));
      case 0x8d -> push(text(size(number(8))));
      case 'T' -> push(text(size(number(4)))); // strings of Python 2
      case 'U' -> push(text((int) number(1)));
      case 'B' -> push(bytes(size(number(4))));
      case 'C' -> push(bytes((int) number(1)));
      case 0x8e -> push(bytes(size(number(8))));
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean structure(int opcode) throws IOException {
    switch (opcode) {
      case '(' -> mark();
      case ']' -> push(new ArrayList<>());
      case 'l' -> push(new ArrayList<>(popMark()));
      case 'a' -> append(last(1));
      case 'e' -> append(popMark());
      case ')' -> push(tuple(List.of()));
      case 't' -> push(tuple(popMark()));
      case 0x85 -> push(tuple(last(1)));
      case 0x86 -> push(tuple(last(2)));
      case 0x87 -> push(tuple(last(3)));
      case '}' -> push(new LinkedHashMap<>());
      case 'd' -> {
        List<Object> items = popMark();
        push(new LinkedHashMap<>());
        put(items);
      }
      case 's' -> put(last(2));
      case 'u' -> put(popMark());
      case 0x8f -> push(new LinkedHashSet<>());
      case 0x90 -> addAll(popMark());
      case 0x91 -> {
        List<Object> items = popMark();
        push(new LinkedHashSet<>());
        addAll(items);
      }
      case 'c' -> push(resolver.global(line(), line()));
      case 0x93 -> {
        List<Object> names = last(2);
        push(resolver.global(name(names.get(0)), name(names.get(1))));
      }
      case 'R', 0x81 -> {
        List<Object> call = last(2);
        push(resolver.call(call.get(0), arguments(call.get(1))));
      }
      case 'b' -> build(last(1).get(0));
      case 'Q' -> push(resolver.persistent(pop()));
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean memory(int opcode) throws IOException {
    switch (opcode) {
      case 'q' -> memo.put((int) number(1), top());
      case 'r' -> memo.put(size(number(4)), top());
      case 0x94 -> memo.put(memo.size(), top());
      case 'h' -> push(recall((int) number(1)));
      case 'j' -> push(recall(size(number(4))));
      case '0' -> pop();
      case '1' -> popMark();
      case '2' -> push(top());
      default -> {
        return false;
      }
    }
    return true;
  }

  private static void version(int protocol) throws IOException {
    if (protocol < 2 || protocol > 5) {
      throw bad("pickle protocol must be 2 to 5; got " + protocol);
    }
  }

  private void push(Object value) {
    stack.add(value);
  }

  private void mark() throws IOException {
    if (++marks > MAX_DEPTH) {
      throw bad("pickle must nest at most " + MAX_DEPTH + " deep");
    }
    stack.add(MARK);
  }

  private Object top() throws IOException {
    if (stack.isEmpty() || stack.get(stack.size() - 1) == MARK) {
      throw bad("pickle takes a value where there is none");
    }
    return stack.get(stack.size() - 1);
  }

  private Object pop() throws IOException {
    Object value = top();
    stack.remove(stack.size() - 1);
    return value;
  }

  private List<Object> last(int count) throws IOException {
    Object[] values = new Object[count];
    for (int i = count - 1; i >= 0; i--) {
      values[i] = pop();
    }
    return Arrays.asList(values);
  }

  private List<Object> popMark() throws IOException {
    int mark = stack.lastIndexOf(MARK);
    if (mark < 0) {
      throw bad("pickle takes values back to a mark where there is none");
    }
    List<Object> items = new ArrayList<>(stack.subList(mark + 1, stack.size()));
    stack.subList(mark, stack.size()).clear();
    marks--;
    return items;
  }

  private static List<Object> tuple(List<Object> items) {
    return Collections.unmodifiableList(new ArrayList<>(items));
  }

  @SuppressWarnings("unchecked")
  private void append(List<Object> items) throws IOException {
    Object list = top();
    if (!(list instanceof ArrayList)) {
      throw bad("pickle appends to what is no list: " + kind(list));
    }
    ((List<Object>) list).addAll(items);
  }

  @SuppressWarnings("unchecked")
  private void put(List<Object> items) throws IOException {
    Object map = top();
    if (!(map instanceof LinkedHashMap) || items.size() % 2 != 0) {
      throw bad("pickle sets items of what is no dictionary: " + kind(map));
    }
    for (int i = 0; i < items.size(); i += 2) {
      ((Map<Object, Object>) map).put(key(items.get(i)), items.get(i + 1));
    }
  }

  @SuppressWarnings("unchecked")
  private void addAll(List<Object> items) throws IOException {
    Object set = top();
    if (!(set instanceof LinkedHashSet)) {
      throw bad("pickle adds to what is no set: " + kind(set));
    }
    for (Object item : items) {
      ((Set<Object>) set).add(key(item));
    }
  }

  private static Object key(Object key) throws IOException {
    if (key == null || key instanceof String || key instanceof Number || key instanceof Boolean) {
      return key;
    }
    throw bad("keys must be strings or numbers; got " + kind(key));
  }

  /** Ignores the attributes of a dictionary, such as the metadata of a state dict. */
  private void build(Object state) throws IOException {
    Object target = top();
    if (!(target instanceof LinkedHashMap) || !(state instanceof Map)) {
      throw bad("pickle sets attributes of " + kind(target));
    }
  }

  private static String name(Object name) throws IOException {
    if (name instanceof String text) {
      return text;
    }
    throw bad("pickle names a function by " + kind(name));
  }

  private static List<?> arguments(Object arguments) throws IOException {
    if (arguments instanceof List<?> list) {
      return list;
    }
    throw bad("pickle calls with " + kind(arguments) + " instead of a tuple");
  }

  private Object recall(int index) throws IOException {
    if (!memo.containsKey(index)) {
      throw bad("pickle recalls value " + index + ", which it has not stored");
    }
    return memo.get(index);
  }

  static String kind(Object value) {
    return value == null ? "None" : value.getClass().getSimpleName();
  }

  /** Little-endian and unsigned, but for 8 bytes. */
  private long number(int count) throws IOException {
    long value = 0;
    byte[] bytes = bytes(count);
    for (int i = count - 1; i >= 0; i--) {
      value = value << 8 | bytes[i] & 0xFF;
    }
    return value;
  }

  private static int size(long size) throws IOException {
    if (size < 0 || size > Integer.MAX_VALUE) {
      throw bad("pickle must have sizes below 2^31; got " + Long.toUnsignedString(size));
    }
    return (int) size;
  }

  /** Reads bytes into an array that grows with what is there, so a wrong size costs no memory. */
  private byte[] bytes(int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw bad(message("pickle ends inside a value; got %s of %s bytes", bytes.length, count));
    }
    return bytes;
  }

  private static Object integer(byte... littleEndian) {
    byte[] bytes = littleEndian.clone();
    for (int i = 0; i < bytes.length / 2; i++) {
      byte b = bytes[i];
      bytes[i] = bytes[bytes.length - 1 - i];
      bytes[bytes.length - 1 - i] = b;
    }
    BigInteger value = bytes.length == 0 ? BigInteger.ZERO : new BigInteger(bytes);
    return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
  }

  private String text(int count) throws IOException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes(count))).toString();
    } catch (CharacterCodingException e) {
      throw new TorchFileException("pickle has a string that is not UTF-8", e);
    }
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0x20 || c > 0x7e || line.length() == 1000) {
        throw bad("pickle names a function with other than 1000 printable characters");
      }
      line.append((char) c);
    }
    return line.toString();
  }

  private static TorchFileException bad(String message) {
    return new TorchFileException(message);
  }
}
