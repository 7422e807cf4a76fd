package dev.bellows.spark.data;

import java.io.Serializable;

/** What a task that wrote a part reports: the file (null without rows), or an error. */
record WrittenPart(
    int part, String file, long bytes, String crc32c, ContentSum content, String error)
    implements Serializable {

  static WrittenPart failed(int part, String error) {
    return new WrittenPart(part, null, 0, null, ContentSum.NONE, error);
  }

  static WrittenPart empty(int part) {
    return new WrittenPart(part, null, 0, null, ContentSum.NONE, null);
  }
}
