package dev.bellows.spark.data;

import org.apache.spark.sql.SparkSession;

/** The one Spark session of a test JVM, on two threads. */
public final class LocalSpark {
  private LocalSpark() {}

  /** The session; the first call starts it, and it ends with the JVM. */
  public static synchronized SparkSession session() {
    return SparkSession.builder()
        .master("local[2]")
        .appName("bellows-tests")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate();
  }
}
