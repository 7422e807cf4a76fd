package dev.bellows.serialize;

import static dev.bellows.errors.Messages.message;

import dev.bellows.memory.DType;
import dev.bellows.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/** What a PyTorch file may name: tensors, their types, and Python's containers. */
final class TorchNames implements PickleReader.Resolver {
  private static final int MAX_DIMS = 64;

  /** Functions that are allowed, by the name of their module and their own. */
  private enum Function {
    REBUILD_TENSOR,
    REBUILD_PARAMETER,
    REBUILD_FROM_TYPE,
    TENSOR_TYPE,
    MAP,
    COUNTER,
    DEFAULT_MAP,
    SET,
    LIST,
    TUPLE,
    TEXT,
    ENCODE
  }

  /** An element type, as a storage class or alone. */
  private record Type(DType dtype) {}

  /** Memory with a type, of which tensors are views. */
  record Storage(Tensor tensor) {}

  /** Finds the memory of a storage. */
  interface Storages {
    /** Returns the elements of a storage as a tensor of one dimension. */
    Tensor find(DType dtype, String key, long numel) throws IOException;
  }

  private static final Map<String, Function> FUNCTIONS =
      Map.ofEntries(
          Map.entry("torch._utils._rebuild_tensor", Function.REBUILD_TENSOR),
          Map.entry("torch._utils._rebuild_tensor_v2", Function.REBUILD_TENSOR),
          Map.entry("torch._utils._rebuild_parameter", Function.REBUILD_PARAMETER),
          Map.entry("torch._utils._rebuild_parameter_with_state", Function.REBUILD_PARAMETER),
          Map.entry("torch._tensor._rebuild_from_type_v2", Function.REBUILD_FROM_TYPE),
          Map.entry("torch.Tensor", Function.TENSOR_TYPE),
          Map.entry("torch.nn.parameter.Parameter", Function.TENSOR_TYPE),
          Map.entry("torch.Size", Function.TUPLE),
          Map.entry("torch.device", Function.TEXT),
          Map.entry("collections.OrderedDict", Function.MAP),
          Map.entry("collections.Counter", Function.COUNTER),
          Map.entry("collections.defaultdict", Function.DEFAULT_MAP),
          Map.entry("builtins.dict", Function.MAP),
          Map.entry("__builtin__.dict", Function.MAP),
          Map.entry("builtins.set", Function.SET),
          Map.entry("__builtin__.set", Function.SET),
          Map.entry("builtins.frozenset", Function.SET),
          Map.entry("__builtin__.frozenset", Function.SET),
          Map.entry("builtins.list", Function.LIST),
          Map.entry("__builtin__.list", Function.LIST),
          Map.entry("_codecs.encode", Function.ENCODE));

  private static final Map<String, DType> TYPES =
      Map.ofEntries(
          Map.entry("FloatStorage", DType.FLOAT32),
          Map.entry("DoubleStorage", DType.FLOAT64),
          Map.entry("HalfStorage", DType.FLOAT16),
          Map.entry("BFloat16Storage", DType.BFLOAT16),
          Map.entry("LongStorage", DType.INT64),
          Map.entry("IntStorage", DType.INT32),
          Map.entry("ShortStorage", DType.INT16),
          Map.entry("CharStorage", DType.INT8),
          Map.entry("ByteStorage", DType.UINT8),
          Map.entry("BoolStorage", DType.BOOL),
          Map.entry("float32", DType.FLOAT32),
          Map.entry("float64", DType.FLOAT64),
          Map.entry("float16", DType.FLOAT16),
          Map.entry("bfloat16", DType.BFLOAT16),
          Map.entry("int64", DType.INT64),
          Map.entry("int32", DType.INT32),
          Map.entry("int16", DType.INT16),
          Map.entry("int8", DType.INT8),
          Map.entry("uint8", DType.UINT8),
          Map.entry("bool", DType.BOOL));

  private final Storages storages;

  TorchNames(Storages storages) {
    this.storages = storages;
  }

  /** Returns the storage class of a type, as {@code FloatStorage}. */
  static String storageClass(DType dtype) {
    return TYPES.entrySet().stream()
        .filter(entry -> entry.getValue() == dtype && entry.getKey().endsWith("Storage"))
        .findFirst()
        .orElseThrow()
        .getKey();
  }

  @Override
  public Object global(String module, String name) throws IOException {
    Function function = FUNCTIONS.get(module + "." + name);
    if (function != null) {
      return function;
    }
    if (module.equals("torch") && TYPES.containsKey(name)) {
      DType dtype = TYPES.get(name);
      return name.endsWith("Storage") ? new Type(dtype) : dtype;
    }
    throw new TorchFileException(
        message(
            "must hold tensors, numbers, strings and containers of them only; names %s.%s, which is"
                + " not run. Save a state dict, or convert the object in Python",
            module, name));
  }

  @Override
  public Object call(Object function, List<?> arguments) throws IOException {
    if (!(function instanceof Function known)) {
      throw new TorchFileException("pickle calls " + PickleReader.kind(function));
    }
    return switch (known) {
      case REBUILD_TENSOR -> tensor(arguments);
      case REBUILD_PARAMETER -> argument(arguments, 0, Tensor.class);
      case REBUILD_FROM_TYPE ->
          call(argument(arguments, 0, Function.class), argument(arguments, 2, List.class));
      case MAP, COUNTER -> map(arguments);
      case DEFAULT_MAP -> new LinkedHashMap<>();
      case SET -> set(arguments);
      case LIST -> new ArrayList<>(arguments.isEmpty() ? List.of() : items(arguments));
      case TUPLE -> Collections.unmodifiableList(new ArrayList<>(items(arguments)));
      case TEXT -> device(arguments);
      case ENCODE -> argument(arguments, 0, String.class).getBytes(StandardCharsets.ISO_8859_1);
      case TENSOR_TYPE -> throw new TorchFileException("pickle makes a tensor without its storage");
    };
  }

  private static Object map(List<?> arguments) throws IOException {
    Map<Object, Object> map = new LinkedHashMap<>();
    if (arguments.isEmpty()) {
      return map;
    }
    if (arguments.get(0) instanceof Map<?, ?> items) {
      map.putAll(items);
      return map;
    }
    for (Object item : items(arguments)) {
      if (!(item instanceof List<?> pair) || pair.size() != 2 || !isKey(pair.get(0))) {
        throw new TorchFileException("a dictionary must be made of pairs");
      }
      map.put(pair.get(0), pair.get(1));
    }
    return map;
  }

  private static Object set(List<?> arguments) throws IOException {
    LinkedHashSet<Object> set = new LinkedHashSet<>();
    for (Object item : arguments.isEmpty() ? List.of() : items(arguments)) {
      if (!isKey(item)) {
        throw new TorchFileException(
            "sets must hold strings or numbers; got " + PickleReader.kind(item));
      }
      set.add(item);
    }
    return set;
  }

  private static boolean isKey(Object item) {
    return item instanceof String || item instanceof Number || item instanceof Boolean;
  }

  private static Object device(List<?> arguments) throws IOException {
    String type = argument(arguments, 0, String.class);
    return arguments.size() > 1 ? type + ":" + argument(arguments, 1, Long.class) : type;
  }

  private static List<?> items(List<?> arguments) throws IOException {
    return argument(arguments, 0, List.class);
  }

  private static <T> T argument(List<?> arguments, int index, Class<T> type) throws IOException {
    if (index < arguments.size() && type.isInstance(arguments.get(index))) {
      return type.cast(arguments.get(index));
    }
    throw new TorchFileException(
        message(
            "pickle calls with other arguments than torch.save writes: %s",
            arguments.stream().map(PickleReader::kind).toList()));
  }

  private static long[] sizes(List<?> arguments, int index) throws IOException {
    List<?> list = argument(arguments, index, List.class);
    if (list.size() > MAX_DIMS) {
      throw new TorchFileException("a tensor must have at most " + MAX_DIMS + " dimensions");
    }
    long[] sizes = new long[list.size()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = argument(list, i, Long.class);
    }
    return sizes;
  }

  private static Tensor tensor(List<?> arguments) throws IOException {
    Storage storage = argument(arguments, 0, Storage.class);
    Long offset = argument(arguments, 1, Long.class);
    long[] sizes = sizes(arguments, 2);
    long[] strides = sizes(arguments, 3);
    boolean grad = arguments.size() > 4 && Boolean.TRUE.equals(arguments.get(4));
    return TensorView.of(storage.tensor(), offset, sizes, strides, grad);
  }

  @Override
  public Object persistent(Object id) throws IOException {
    if (!(id instanceof List<?> parts) || parts.size() < 5 || !"storage".equals(parts.get(0))) {
      throw new TorchFileException("must refer to storages only; got " + PickleReader.kind(id));
    }
    DType dtype = argument(parts, 1, Type.class).dtype();
    long numel = argument(parts, 4, Long.class);
    String key = argument(parts, 2, String.class);
    if (parts.size() > 5 && parts.get(5) != null) {
      throw new TorchFileException(
          "storage " + key + " must be whole; files of PyTorch before 0.4 are not read");
    }
    return new Storage(storages.find(dtype, key, numel));
  }
}
