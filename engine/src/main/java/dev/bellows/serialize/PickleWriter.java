package dev.bellows.serialize;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.memory.Shapes;
import dev.bellows.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes plain values and tensors as a pickle of protocol 2, as {@code torch.save} does. */
final class PickleWriter {
  private static final int MAX_DEPTH = 100;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final List<Tensor> storages = new ArrayList<>();
  private final Map<Object, List<Integer>> byMemory = new IdentityHashMap<>();

  /** Returns the pickle of a value. */
  byte[] write(Object value) {
    out.write(0x80);
    out.write(2);
    value(value, 0);
    out.write('.');
    return out.toByteArray();
  }

  /** Returns the tensors whose elements the pickle refers to by their index. */
  List<Tensor> storages() {
    return storages;
  }

  private void value(Object value, int depth) {
    if (depth > MAX_DEPTH) {
      throw new IllegalArgumentException(
          "TorchFile.save: values must nest at most " + MAX_DEPTH + " deep");
    }
    if (value == null) {
      out.write('N');
    } else if (value instanceof Boolean b) {
      out.write(b ? 0x88 : 0x89);
    } else if (value instanceof Double || value instanceof Float) {
      out.write('G');
      out.writeBytes(ByteBuffer.allocate(8).putDouble(((Number) value).doubleValue()).array());
    } else if (value instanceof Number number) {
      integer(number);
    } else if (value instanceof String text) {
      text(text);
    } else if (value instanceof Tensor tensor) {
      tensor(tensor);
    } else if (value instanceof Map<?, ?> map) {
      map(map, depth);
    } else if (value instanceof Set<?> set) {
      global("__builtin__", "set");
      items(set, depth, ']', 'e');
      out.write(0x85);
      out.write('R');
    } else if (value instanceof List<?> list) {
      items(list, depth, ']', 'e');
    } else {
      throw new IllegalArgumentException(
          message(
              "TorchFile.save: values must be tensors, numbers, strings, lists, sets and maps; got"
                  + " %s",
              value.getClass().getName()));
    }
  }

  private void integer(Number number) {
    long value = number instanceof BigInteger big ? big.longValueExact() : number.longValue();
    if (value == (int) value) {
      out.write('J');
      out.writeBytes(little(4).putInt((int) value).array());
    } else {
      out.write(0x8a);
      out.write(8);
      out.writeBytes(little(8).putLong(value).array());
    }
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.write('X');
    out.writeBytes(little(4).putInt(utf8.length).array());
    out.writeBytes(utf8);
  }

  private void global(String module, String name) {
    out.writeBytes(("c" + module + "\n" + name + "\n").getBytes(StandardCharsets.US_ASCII));
  }

  private void items(Iterable<?> items, int depth, char start, char end) {
    out.write(start);
    out.write('(');
    for (Object item : items) {
      value(item, depth + 1);
    }
    out.write(end);
  }

  private void map(Map<?, ?> map, int depth) {
    global("collections", "OrderedDict");
    out.write(')');
    out.write('R');
    out.write('(');
    map.forEach(
        (key, item) -> {
          value(key, depth + 1);
          value(item, depth + 1);
        });
    out.write('u');
  }

  private void sizes(long... sizes) {
    out.write('(');
    Arrays.stream(sizes).forEach(this::integer);
    out.write('t');
  }

  private void tensor(Tensor tensor) {
    int index = index(tensor);
    global("torch._utils", "_rebuild_tensor_v2");
    out.write('(');
    out.write('(');
    text("storage");
    global("torch", TorchNames.storageClass(tensor.dtype()));
    text(Integer.toString(index));
    text("cpu");
    integer(tensor.numel());
    out.write('t');
    out.write('Q');
    integer(0);
    sizes(tensor.shape());
    sizes(Shapes.contiguousStrides(tensor.shape()));
    out.write(tensor.requiresGrad() ? 0x88 : 0x89);
    global("collections", "OrderedDict");
    out.write(')');
    out.write('R');
    out.write('t');
    out.write('R');
  }

  /** Returns the number of the storage in the file; the same view of memory is written once. */
  private int index(Tensor tensor) {
    List<Integer> same =
        byMemory.computeIfAbsent(tensor.strided().storage(), storage -> new ArrayList<>());
    for (int index : same) {
      if (isSameView(storages.get(index), tensor)) {
        return index;
      }
    }
    same.add(storages.size());
    storages.add(tensor);
    return storages.size() - 1;
  }

  private static boolean isSameView(Tensor a, Tensor b) {
    DType dtype = a.dtype();
    return dtype == b.dtype()
        && a.strided().offset() == b.strided().offset()
        && Arrays.equals(a.strided().sizes(), b.strided().sizes())
        && Arrays.equals(a.strided().strides(), b.strided().strides());
  }
}
