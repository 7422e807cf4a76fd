package dev.bellows.spark.worker;

import dev.bellows.comm.TlsConfig;
import dev.bellows.memory.Device;
import dev.bellows.spark.Time;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The environment of a rank.
 *
 * @param rank its number
 * @param executorId for messages
 * @param host what other ranks reach it by
 * @param cacheDirectory for files that may be lost
 * @param device finds where its model is and its steps are computed
 * @param tls encryption of its connections; null for none
 * @param killed whether Spark has killed the task
 * @param time of this machine, or of a simulator
 */
record Place(
    int rank,
    String executorId,
    String host,
    Path cacheDirectory,
    Supplier<Device> device,
    TlsConfig tls,
    BooleanSupplier killed,
    Time time) {}
