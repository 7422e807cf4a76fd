package dev.bellows.cli;

import static dev.bellows.errors.Messages.message;

/**
 * Size of a local cluster.
 *
 * @param workers number of workers, ≥ 1
 * @param coresPerWorker cores that each worker offers, ≥ 1
 * @param memory memory that each worker offers for executors, in Spark's notation: {@code 1g}
 */
record ClusterSpec(int workers, int coresPerWorker, String memory) {
  ClusterSpec {
    atLeastOne("--workers", workers);
    atLeastOne("--cores-per-worker", coresPerWorker);
    if (!memory.matches("[1-9][0-9]*[kmgtKMGT]")) {
      throw new CliException(
          "cluster: --memory must be a whole number and k, m, g or t, such as 1g; got " + memory);
    }
  }

  private static void atLeastOne(String option, int value) {
    if (value < 1) {
      throw new CliException(message("cluster: %s must be at least 1; got %s", option, value));
    }
  }
}
