package dev.bellows.spark.checkpoint;

import dev.bellows.spark.BellowsException;
import java.io.IOError;
import java.nio.file.AccessDeniedException;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.security.AccessControlException;

/** Classifies failures of storage, with advice for the user. */
public enum StorageFault {
  /** The disk is full or a quota is used up. */
  FULL(BellowsException.Category.RETRYABLE, "free space there or raise the quota"),
  /** The user of the job may not write there, or the storage is read-only. */
  DENIED(BellowsException.Category.USER, "make it writable for the user of the job"),
  /** All other failures, such as an unreachable store. */
  OTHER(
      BellowsException.Category.RETRYABLE,
      "make sure that the storage is there and can be reached from all executors");

  private static final Pattern NO_SPACE =
      Pattern.compile("no space left|quota ?exceeded|not enough space|capacity ?exceeded");
  private static final Pattern NO_RIGHT =
      Pattern.compile(
          "permission denied|read-only file ?system|not permitted|access"
              + " ?denied|accesscontrolexception");

  private final BellowsException.Category category;
  private final String advice;

  StorageFault(BellowsException.Category category, String advice) {
    this.category = category;
    this.advice = advice;
  }

  /** Returns the category of the job's failure that follows from it. */
  public BellowsException.Category category() {
    return category;
  }

  /** Returns advice for the user, as the second half of a sentence. */
  public String advice() {
    return advice;
  }

  /** Classifies a failure by its messages and those of its causes. */
  public static StorageFault of(Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < 16; depth++, cause = cause.getCause()) {
      String name = cause.getClass().getSimpleName();
      String text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
      if (name.contains("QuotaExceeded")
          || name.contains("CapacityExceeded")
          || NO_SPACE.matcher(text).find()) {
        return FULL;
      }
      if (cause instanceof AccessControlException
          || cause instanceof AccessDeniedException
          || cause instanceof ReadOnlyFileSystemException
          || NO_RIGHT.matcher(text).find()) {
        return DENIED;
      }
    }
    return OTHER;
  }

  /** Returns whether a failure may come from storage; some file systems throw errors. */
  public static boolean isPossible(Throwable failure) {
    return failure instanceof Exception && !(failure instanceof InterruptedException)
        || failure instanceof FSError
        || failure instanceof IOError;
  }
}
