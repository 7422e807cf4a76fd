package dev.bellows.spark.data;

/** What a task that wrote a part reports: the file; null where no rows fell into the part. */
record WrittenPart(int part, String file, long rows, long bytes, String crc32c) {
  static WrittenPart empty(int part) {
    return new WrittenPart(part, null, 0, 0, null);
  }
}
