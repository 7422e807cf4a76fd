package dev.bellows.memory;

import static dev.bellows.errors.Messages.message;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/**
 * Limit on the bytes that CPU tensors may take, and its origin: a {@link Share} of the machine's
 * memory, less the {@link Needs} of the rest of the process, less a sixteenth for rounding and
 * fragmentation. It is never less than a quarter of the share, since the Java heap is seldom full.
 *
 * @param limitBytes maximum bytes of tensors, 0 or more
 * @param origin description of the source of the limit, for logs and messages
 */
public record MemoryBudget(long limitBytes, String origin) {
  /** Property that sets the limit: a number of bytes, or a number with suffix k, m, g or t. */
  public static final String PROPERTY = "bellows.memory.limitBytes";

  private static final int SLACK = 16;
  private static final int LEAST = 4;

  /** Returns the budget of a process that may use {@code share} in total. */
  public static MemoryBudget of(Share share, Needs needs) {
    long rest = share.bytes - needs.total();
    long usual = rest - rest / SLACK;
    long least = share.bytes / LEAST;
    if (usual >= least) {
      return new MemoryBudget(usual, share.origin + ", less " + needs);
    }
    return new MemoryBudget(
        least, "a quarter of " + share.origin + ", which is small compared with " + needs);
  }

  /**
   * Returns the budget of this process: the value of {@link #PROPERTY} if set, else what the
   * machine or the container leaves.
   *
   * @throws IllegalArgumentException if the property is not a number of bytes
   */
  public static MemoryBudget ofProcess() {
    MemoryBudget set = ofProperty();
    return set != null ? set : of(Share.ofHost(), Needs.ofJvm(Needs.PLAIN_DIRECT));
  }

  /**
   * Returns the value of {@link #PROPERTY}, or null if it is not set.
   *
   * @throws IllegalArgumentException if the property is not a number of bytes
   */
  public static MemoryBudget ofProperty() {
    String text = System.getProperty(PROPERTY);
    return text == null ? null : new MemoryBudget(parse(text), "-D" + PROPERTY);
  }

  static long parse(String text) {
    String number = text.strip().toLowerCase(Locale.ROOT);
    if (number.matches("[0-9]{1,18}[kmgt]?b?")) {
      String digits = number.replaceAll("[a-z]", "");
      String unit = number.replaceAll("[0-9b]", "");
      int shift = unit.isEmpty() ? 0 : 10 * (1 + "kmgt".indexOf(unit));
      long value = Long.parseLong(digits);
      if (value > 0 && value <= Long.MAX_VALUE >> shift) {
        return value << shift;
      }
    }
    throw new IllegalArgumentException(
        message(
            "%s: must be a positive number of bytes, as 2147483648, 2048m or 2g; got %s",
            PROPERTY, text));
  }

  /**
   * Total memory that a process may use.
   *
   * @param bytes memory of every kind
   * @param origin description of the source of the number
   */
  public record Share(long bytes, String origin) {
    private static final long SYSTEM = 1L << 30;
    private static final int SYSTEM_PART = 8;

    /**
     * Returns the memory of the whole machine, less 1 GiB for the system, or an eighth if that is
     * less.
     */
    public static Share ofMachine(long machineBytes) {
      long system = Math.min(SYSTEM, machineBytes / SYSTEM_PART);
      return new Share(
          machineBytes - system,
          mib(machineBytes - system) + " of a machine of " + mib(machineBytes));
    }

    /**
     * Returns the container's limit if it does not exceed the machine's memory, otherwise the
     * machine's share.
     */
    public static Share ofHost(long machineBytes, long containerBytes) {
      return containerBytes <= machineBytes
          ? new Share(containerBytes, "a container of " + mib(containerBytes))
          : ofMachine(machineBytes);
    }

    /** Returns the share of the container or machine that runs this process. */
    public static Share ofHost() {
      long machine = machineBytes();
      return ofHost(machine, ContainerMemory.ofProcess().limitBytes());
    }

    /** Divides this share into equal parts and returns one. */
    public Share dividedBy(int parts) {
      return parts == 1 ? this : new Share(bytes / parts, "1/" + parts + " of " + origin);
    }

    /** Returns the smaller of two shares. */
    public Share min(Share other) {
      return other.bytes < bytes ? other : this;
    }

    private static long machineBytes() {
      var system = ManagementFactory.getOperatingSystemMXBean();
      return system instanceof com.sun.management.OperatingSystemMXBean host
          ? host.getTotalMemorySize()
          : 4L << 30;
    }
  }

  /**
   * Memory that a process needs in addition to tensors. Scratchpads and packed weights of oneDNN
   * come from the tensor pool and are not included.
   *
   * @param heapBytes maximum size of the Java heap
   * @param metaspaceBytes classes
   * @param codeBytes compiled methods
   * @param directBytes direct buffers, for example Netty's
   */
  public record Needs(long heapBytes, long metaspaceBytes, long codeBytes, long directBytes) {
    /** Direct buffers of a process without Bellows network connections. */
    public static final long PLAIN_DIRECT = 16L << 20;

    /** Direct buffers of an executor: Spark's blocks, and about 23 MiB per rank for collectives. */
    public static final long EXECUTOR_DIRECT = 128L << 20;

    private static final long METASPACE = 128L << 20;
    private static final long CODE = 96L << 20;
    private static final long STACKS = 32L << 20;
    private static final long LIBRARIES = 64L << 20;
    private static final int COLLECTOR_PART = 16;

    /** Returns the needs of this JVM, whose direct buffers take at most {@code directBytes}. */
    public static Needs ofJvm(long directBytes) {
      long heap = Runtime.getRuntime().maxMemory();
      long direct = option("MaxDirectMemorySize");
      return new Needs(
          heap,
          atMost(option("MaxMetaspaceSize"), METASPACE),
          atMost(option("ReservedCodeCacheSize"), CODE),
          Math.min(direct > 0 ? direct : heap, directBytes));
    }

    private static long atMost(long limit, long usual) {
      return limit > 0 ? Math.min(limit, usual) : usual;
    }

    private static long option(String name) {
      var bean = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
      try {
        return bean == null ? 0 : Long.parseUnsignedLong(bean.getVMOption(name).getValue());
      } catch (IllegalArgumentException e) {
        return 0; // not a HotSpot JVM
      }
    }

    /**
     * Returns the total, including the collector's tables, thread stacks, and oneDNN's code and
     * threads.
     */
    public long total() {
      return heapBytes
          + heapBytes / COLLECTOR_PART
          + metaspaceBytes
          + codeBytes
          + directBytes
          + STACKS
          + LIBRARIES;
    }

    @Override
    public String toString() {
      return mib(total())
          + " for the JVM (heap "
          + mib(heapBytes)
          + ", direct buffers "
          + mib(directBytes)
          + ")";
    }
  }

  private static String mib(long bytes) {
    return (bytes >> 20) + " MiB";
  }
}
