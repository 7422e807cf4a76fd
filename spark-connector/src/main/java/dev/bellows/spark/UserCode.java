package dev.bellows.spark;

import dev.bellows.comm.CommException;
import dev.bellows.errors.TrainingException;
import dev.bellows.train.StepPosition;
import dev.bellows.train.TrainLoop;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Calls a job's user code: model, loss, optimizer, metric, learning rate, listeners. Anything it
 * throws, including an {@link Error} or an undeclared checked exception, becomes an error of
 * category {@code USER}, since it would fail again in the same way.
 */
public final class UserCode {
  private static final int MOST_TEXT = 2_000;
  private static final Pattern LINE_ENDS = Pattern.compile("\\s*\\R\\s*");
  private static final Pattern PLATFORM =
      Pattern.compile(
          "(java|javax|jdk|sun|com\\.sun|scala|kotlin|org\\.apache\\.(spark|hadoop)|org\\.bytedeco)"
              + "\\..*");
  static final Set<String> OURS =
      Set.of(
          "autograd",
          "backend",
          "cli",
          "comm",
          "data",
          "errors",
          "memory",
          "nn",
          "ops",
          "optim",
          "proto",
          "reduction",
          "amp",
          "serialize",
          "spark",
          "tensor",
          "trace",
          "train");

  private static final Set<String> CALLERS =
      Set.of(UserCode.class.getName(), Listeners.class.getName(), TrainLoop.class.getName());

  private UserCode() {}

  /**
   * Calls user code.
   *
   * @param what description of the code, the first word of the message
   * @param where step, rank, rows; evaluated only if the code throws
   * @throws BellowsException ({@code USER}) for everything that the code throws, except what is
   *     {@link #isOwn not the code's}
   */
  public static <T> T call(String what, Supplier<String> where, Callable<T> code) {
    try {
      return code.call();
    } catch (Throwable thrown) {
      throw failure(what, where.get(), thrown);
    }
  }

  /** Works like {@link #call} for code that creates a value: null is an error, too. */
  public static <T> T make(String what, String where, Callable<T> code) {
    var made = call(what, () -> where, code);
    if (made == null) {
      throw BellowsException.user(prefix(what, where) + "the function must give one; got null");
    }
    return made;
  }

  /**
   * Returns the error for an exception in a rank's step; exceptions that did not come from user
   * code are rethrown.
   *
   * @param at position of the loop
   */
  public static BellowsException failure(StepPosition at, int rank, Throwable thrown) {
    if (at.code() == StepPosition.Code.LOOP) {
      throw UserCode.<RuntimeException>unchecked(thrown);
    }
    var what = at.code() == StepPosition.Code.LOSS ? "loss" : "backward";
    var rows = StepPosition.describeRows(at.rows());
    return failure(what, at.describe() + ", rank " + rank + ", " + rows, thrown);
  }

  /**
   * Returns the error for an exception of user code; what is {@link #isOwn not the code's} is
   * rethrown.
   */
  public static BellowsException failure(String what, String where, Throwable thrown) {
    if (isOwn(thrown)) {
      throw UserCode.<RuntimeException>unchecked(thrown);
    }
    return new BellowsException(
        BellowsException.Category.USER, prefix(what, where) + describe(thrown), thrown);
  }

  private static String prefix(String what, String where) {
    return what + ": " + (where.isEmpty() ? "" : where + ": ");
  }

  /**
   * Returns whether user code only passed the exception on: one thrown by the transport between
   * ranks, a broken JVM, or an error whose category was chosen on purpose.
   */
  private static boolean isOwn(Throwable thrown) {
    return thrown instanceof TrainingException
        || thrown instanceof InternalError
        || chain(thrown).stream().anyMatch(CommException.class::isInstance);
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> T unchecked(Throwable thrown) throws T {
    throw (T) thrown;
  }

  /**
   * Describes an exception in one line: the exception, its first cause, the line of user code it
   * came from, and a remedy.
   */
  public static String describe(Throwable thrown) {
    var chain = chain(thrown);
    var root = chain.get(chain.size() - 1);
    var text = new StringBuilder(text(thrown));
    if (root != thrown && text.indexOf(text(root)) < 0) {
      text.append("; caused by ").append(text(root));
    }
    return text.append(place(chain)).append(advice(root)).toString();
  }

  /** Returns the chain of causes; the first is the throwable itself. */
  private static List<Throwable> chain(Throwable thrown) {
    var chain = new ArrayList<Throwable>();
    for (var next = thrown; next != null && !chain.contains(next); next = next.getCause()) {
      chain.add(next);
    }
    return chain;
  }

  /** Returns only the message if Bellows wrote it for users, else with the type. */
  private static String text(Throwable thrown) {
    var message = thrown.getMessage();
    var stack = thrown.getStackTrace();
    var spoken =
        message != null
            && (isOurs(thrown.getClass().getName())
                || (thrown instanceof IllegalArgumentException
                        || thrown instanceof IllegalStateException
                        || thrown instanceof UnsupportedOperationException)
                    && stack.length > 0
                    && isOurs(stack[0].getClassName()));
    var line = LINE_ENDS.matcher(spoken ? message : thrown.toString().strip()).replaceAll(" ");
    return line.length() <= MOST_TEXT ? line : line.substring(0, MOST_TEXT) + "...";
  }

  /** Returns the topmost stack frame of user code, of the first cause that has one. */
  private static String place(List<Throwable> chain) {
    for (int i = chain.size() - 1; i >= 0; i--) {
      for (var frame : chain.get(i).getStackTrace()) {
        var name = frame.getClassName();
        if (CALLERS.contains(name)) {
          break; // the frames below are the callers of user code
        }
        if (!isOurs(name) && !PLATFORM.matcher(name).matches()) {
          return "; at " + show(frame);
        }
      }
    }
    var stack = chain.get(chain.size() - 1).getStackTrace();
    return stack.length == 0
        ? "; it has no stack, which the JVM leaves out for exceptions that come often;"
            + " -XX:-OmitStackTraceInFastThrow keeps it"
        : Arrays.stream(stack)
            .filter(frame -> !PLATFORM.matcher(frame.getClassName()).matches())
            .findFirst()
            .map(frame -> "; at " + show(frame))
            .orElse("");
  }

  private static boolean isOurs(String className) {
    var name = className.split("\\.", 4);
    return name.length > 3
        && name[0].equals("dev")
        && name[1].equals("bellows")
        && OURS.contains(name[2]);
  }

  /** Formats a frame without loader and module, which carry no information here. */
  private static String show(StackTraceElement frame) {
    var file = frame.getFileName() == null ? "unknown source" : frame.getFileName();
    return frame.getClassName()
        + "."
        + frame.getMethodName()
        + "("
        + file
        + (frame.getLineNumber() > 0 ? ":" + frame.getLineNumber() : "")
        + ")";
  }

  private static String advice(Throwable root) {
    if (root instanceof OutOfMemoryError) {
      return "; the heap of this process is at most "
          + (Runtime.getRuntime().maxMemory() >> 20)
          + " MiB: raise spark.executor.memory, or give a rank fewer rows";
    }
    var isClassMissing =
        root instanceof ClassNotFoundException
            || root instanceof NoClassDefFoundError
                && !String.valueOf(root.getMessage()).startsWith("Could not initialize");
    return isClassMissing ? "; give the executors the application's classes with --jars" : "";
  }
}
