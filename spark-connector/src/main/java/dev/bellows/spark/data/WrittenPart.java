package dev.bellows.spark.data;

/** The result of a task that wrote a part: the file; null if the part has no rows. */
record WrittenPart(int part, String file, long rows, long bytes, String crc32c) {
  static WrittenPart empty(int part) {
    return new WrittenPart(part, null, 0, 0, null);
  }
}
