package dev.bellows.amp;

import dev.bellows.autograd.Calls;
import dev.bellows.autograd.Function;
import dev.bellows.memory.DType;
import dev.bellows.memory.Device;
import dev.bellows.tensor.Tensor;
import dev.bellows.trace.OperationCall;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Casts the arguments of the calls of a thread, and passes them on. */
final class Casts implements Calls.Recorder {
  private final Map<Device.Type, DType> types;
  private final CastCache used;
  private final CastCache cache;
  private final Calls.Recorder outside;

  /**
   * Creates the casts of a region.
   *
   * @param types the type of each device for which casting is enabled
   * @param used the casts to use again, or null for none
   * @param cache the casts that all regions share
   * @param outside the recorder of the calls, or null
   */
  Casts(Map<Device.Type, DType> types, CastCache used, CastCache cache, Calls.Recorder outside) {
    this.types = new EnumMap<>(Device.Type.class);
    this.types.putAll(types);
    this.used = used;
    this.cache = cache;
    this.outside = outside;
  }

  CastCache cache() {
    return cache;
  }

  Calls.Recorder outside() {
    return outside;
  }

  @Override
  @SuppressWarnings("try")
  public Object call(String operation, Object... arguments) {
    try (Calls.Recording pause = Calls.recordedBy(outside)) {
      OperationCall call = new OperationCall(operation, arguments);
      OperationCall cast = cast(call);
      return outside == null ? cast.run() : outside.call(operation, cast.arguments());
    }
  }

  private OperationCall cast(OperationCall call) {
    Tensor first = call.firstFloating();
    DType lower = first == null ? null : types.get(first.device().type());
    if (lower == null) {
      return call;
    }
    Device.Type device = first.device().type();
    return switch (CastPolicy.of(device, call.operation())) {
      case NONE -> call;
      case LOWER -> call.withTensors(to(device, lower));
      case FLOAT32 -> call.names(DType.class) ? call : call.withTensors(to(device, DType.FLOAT32));
      case WIDEST -> call.withTensors(to(device, widest(call, device, lower)));
      case REFUSED ->
          throw new IllegalStateException(
              "torch.nn.functional.binary_cross_entropy and torch.nn.BCELoss are unsafe to"
                  + " autocast.\n"
                  + "Many models use a sigmoid layer right before the binary cross entropy layer.\n"
                  + "In this case, combine the two layers using binaryCrossEntropyWithLogits or"
                  + " BCEWithLogitsLoss, which are safe to autocast.");
    };
  }

  private UnaryOperator<Tensor> to(Device.Type device, DType type) {
    return x -> {
      if (!isCast(x, device) || x.dtype() == type) {
        return x;
      }
      return used == null || type == DType.FLOAT32 ? x.to(type) : used.cast(x, type);
    };
  }

  private static boolean isCast(Tensor x, Device.Type device) {
    return x.dtype().isFloatingPoint() && x.dtype() != DType.FLOAT64 && x.device().type() == device;
  }

  /** Returns the widest type of the tensors of a call, at least the region's. */
  private static DType widest(OperationCall call, Device.Type device, DType lower) {
    DType[] widest = {lower};
    call.withTensors(
        x -> {
          if (isCast(x, device) && x.dtype() != widest[0]) {
            if (x.dtype() != DType.FLOAT32 && widest[0] != DType.FLOAT32) {
              throw new IllegalStateException(
                  "Unexpected floating ScalarType in at::autocast::prioritize");
            }
            widest[0] = DType.FLOAT32;
          }
          return x;
        });
    return widest[0];
  }

  @Override
  public void applied(Function function, Tensor... inputs) {
    if (outside != null) {
      outside.applied(function, inputs);
    }
  }

  @Override
  public void read(Tensor tensor) {
    if (outside != null) {
      outside.read(tensor);
    }
  }

  @Override
  public Calls.Recorder ofBackward() {
    return outside;
  }

  @Override
  public Calls.Recorder ofCheckpoint() {
    return this;
  }
}
