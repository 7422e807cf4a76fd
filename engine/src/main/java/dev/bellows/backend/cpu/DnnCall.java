package dev.bellows.backend.cpu;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCRATCHPAD;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_set_data_handle;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_execute;

import dev.bellows.memory.Storage;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.dnnl_exec_arg_t;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_desc_base;
import org.bytedeco.javacpp.Pointer;

/**
 * A primitive with its memories and its prebuilt argument array: a call sets the addresses, in the
 * order in which the arguments were given, and executes. It holds every native object it uses,
 * since JavaCPP frees unreachable ones. Not thread-safe; {@link DnnCache} lends it to one thread at
 * a time.
 */
final class DnnCall implements DnnCache.Plan {
  private static final Pointer NONE = new Pointer();

  private final String operation;
  private final String implementation;
  private final primitive owner;
  private final dnnl_primitive handle;
  private final List<memory> memories = new ArrayList<>();
  private final dnnl_memory[] memoryHandles;
  private final dnnl_exec_arg_t arguments;
  private final Addr[] addresses;
  private final long scratchBytes;

  /**
   * Binds a primitive to its arguments.
   *
   * @param operation name for messages
   * @param descriptor the descriptor that the primitive was created from; only read here
   * @param kinds the DNNL_ARG numbers
   * @param layouts the memory descriptor of each argument
   */
  DnnCall(
      String operation,
      primitive owner,
      primitive_desc_base descriptor,
      int[] kinds,
      memory.desc... layouts) {
    this.operation = operation;
    this.owner = owner;
    this.handle = owner.get();
    this.implementation = descriptor.impl_info_str().getString();
    memory.desc scratch = descriptor.scratchpad_desc();
    this.scratchBytes = scratch.get_size();
    int count = kinds.length + (scratchBytes > 0 ? 1 : 0);
    this.memoryHandles = new dnnl_memory[count];
    this.addresses = new Addr[count];
    this.arguments = new dnnl_exec_arg_t(count);
    for (int i = 0; i < count; i++) {
      boolean last = i == kinds.length;
      memory bound = new memory(last ? scratch : layouts[i], Dnn.engine(), NONE);
      memories.add(bound);
      memoryHandles[i] = bound.get();
      addresses[i] = new Addr();
      arguments.position(i).arg(last ? DNNL_ARG_SCRATCHPAD : kinds[i]).memory(memoryHandles[i]);
    }
    arguments.position(0);
  }

  /** Returns the implementation that oneDNN chose, for example {@code brgconv:avx512_core}. */
  String implementation() {
    return implementation;
  }

  /** Sets the address of argument {@code i}. */
  DnnCall at(int i, long address) {
    Addr known = addresses[i];
    if (known.address() != address) {
      Dnn.check(dnnl_memory_set_data_handle(memoryHandles[i], known.at(address)), operation);
    }
    return this;
  }

  /** Executes with the current addresses. */
  void run() {
    if (scratchBytes == 0) {
      Dnn.check(
          dnnl_primitive_execute(handle, Dnn.stream(), memoryHandles.length, arguments), operation);
      return;
    }
    Storage scratch = Storage.allocate(scratchBytes);
    try {
      at(memoryHandles.length - 1, scratch.address());
      Dnn.check(
          dnnl_primitive_execute(handle, Dnn.stream(), memoryHandles.length, arguments), operation);
    } finally {
      scratch.release();
    }
  }

  @Override
  public void close() {
    arguments.close();
    memories.forEach(memory::close);
    owner.close();
  }
}
