package dev.bellows.spark.worker;

import dev.bellows.errors.TrainingException;
import dev.bellows.proto.coordinator.Category;
import dev.bellows.proto.coordinator.Failure;
import dev.bellows.proto.coordinator.ToDriver;
import dev.bellows.spark.UserCode;
import dev.bellows.spark.checkpoint.CheckpointException;
import dev.bellows.spark.data.SnapshotException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import org.apache.hadoop.fs.FSError;

/** Classifies the failures of a rank and reports them to the driver. */
final class Failures {
  /** Characters of a stack, which fit into a message many times over. */
  private static final int MOST_DETAIL = 1 << 20;

  private Failures() {}

  static Category category(Throwable failure) {
    if (failure instanceof TrainingException e) {
      return Category.valueOf(e.category().name());
    }
    if (failure instanceof IOException
        || failure instanceof UncheckedIOException
        || failure instanceof FSError // Hadoop's form of an IOException of the local disk
        || failure instanceof CheckpointException
        || failure instanceof InterruptedException
        || failure instanceof SnapshotException && isTransient(failure.getCause())) {
      return Category.RETRYABLE;
    }
    if (failure instanceof Error && !(failure instanceof java.lang.OutOfMemoryError)) {
      return Category.FATAL;
    }
    return Category.USER; // the engine rejected what the model, the loss or the data gave it
  }

  /** Returns whether a read may succeed later; a file that does not exist will not appear. */
  private static boolean isTransient(Throwable cause) {
    return cause instanceof IOException
        && !(cause instanceof FileNotFoundException || cause instanceof NoSuchFileException);
  }

  /** Returns the message alone if Bellows wrote it, else with the type and the place. */
  static String message(Throwable failure) {
    var spoken =
        failure.getClass().getName().startsWith("dev.bellows.")
            || failure instanceof IllegalArgumentException
            || failure instanceof IllegalStateException;
    return spoken && failure.getMessage() != null
        ? failure.getMessage()
        : UserCode.describe(failure);
  }

  static ToDriver report(Throwable failure, long step) {
    var stack = new StringWriter();
    failure.printStackTrace(new PrintWriter(stack, true));
    var detail = stack.toString();
    return ToDriver.newBuilder()
        .setFailure(
            Failure.newBuilder()
                .setCategory(category(failure))
                .setMessage(message(failure))
                .setStep(step)
                .setDetail(detail.substring(0, Math.min(detail.length(), MOST_DETAIL))))
        .build();
  }
}
