package dev.bellows.spark;

import static dev.bellows.errors.Messages.message;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds functions of the user that executors would not get as they are: those that cannot be
 * serialized, and method references that are read back as others. Of equal references in one class,
 * whose types differ only in the arguments of a generic interface, javac's code reads back the
 * first, which then casts its arguments to other classes.
 */
final class SentFunctions {
  private static final Logger LOG = LoggerFactory.getLogger(SentFunctions.class);

  private SentFunctions() {}

  /** Returns the problem with sending a function to executors, or null. */
  static String problem(String what, Object function) {
    try {
      var bytes = new ByteArrayOutputStream();
      return merged(what, lambdas(function, bytes), bytes.toByteArray());
    } catch (NotSerializableException e) {
      return message(
          "%s: must be serializable, to be sent to executors; it holds a %s (a lambda captures what"
              + " it uses: make that local or serializable)",
          what, e.getMessage());
    } catch (IOException | RuntimeException | StackOverflowError e) {
      return message(
          "%s: must be serializable, to be sent to executors; %s", what, UserCode.describe(e));
    }
  }

  private static String merged(String what, List<SerializedLambda> sent, byte[] bytes) {
    try (var in = new Reader(bytes)) {
      var read = lambdas(in.readObject(), new ByteArrayOutputStream());
      for (int i = 0; i < Math.min(sent.size(), read.size()); i++) {
        if (!takes(parameters(read.get(i)), parameters(sent.get(i)))) {
          return merged(what, sent.get(i), read.get(i));
        }
      }
    } catch (IOException
        | ClassNotFoundException
        | RuntimeException
        | LinkageError
        | StackOverflowError e) {
      LOG.debug("{} cannot be read back here", what, e); // executors may be able to
    }
    return null;
  }

  private static String merged(String what, SerializedLambda sent, SerializedLambda read) {
    var method = sent.getImplClass().replaceFirst(".*[/$]", "") + "." + sent.getImplMethodName();
    return message(
        "%s: executors must read it back as it is; %s refers to %s for arguments (%s) and elsewhere"
            + " for (%s), and javac makes of both the latter. Write one of them as a lambda that"
            + " calls %s",
        what,
        sent.getCapturingClass().replace('/', '.'),
        method,
        names(parameters(sent)),
        names(parameters(read)),
        method);
  }

  /** Returns whether each argument that is passed is of a type that is taken. */
  private static boolean takes(List<Class<?>> taken, List<Class<?>> passed) {
    for (int i = 0; i < Math.min(taken.size(), passed.size()); i++) {
      if (!taken.get(i).isAssignableFrom(passed.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static List<Class<?>> parameters(SerializedLambda lambda) {
    return MethodType.fromMethodDescriptorString(lambda.getInstantiatedMethodType(), loader())
        .parameterList();
  }

  private static String names(List<Class<?>> types) {
    return types.stream().map(Class::getSimpleName).collect(Collectors.joining(", "));
  }

  private static ClassLoader loader() {
    return Thread.currentThread().getContextClassLoader();
  }

  /** Writes a function and returns all lambdas and method references in it. */
  private static List<SerializedLambda> lambdas(Object function, ByteArrayOutputStream bytes)
      throws IOException {
    try (var out = new Writer(bytes)) {
      out.writeObject(function);
      return out.lambdas;
    }
  }

  private static final class Writer extends ObjectOutputStream {
    final List<SerializedLambda> lambdas = new ArrayList<>();

    Writer(ByteArrayOutputStream out) throws IOException {
      super(out);
      enableReplaceObject(true);
    }

    @Override
    protected Object replaceObject(Object written) {
      if (written instanceof SerializedLambda lambda) {
        lambdas.add(lambda);
      }
      return written;
    }
  }

  private static final class Reader extends ObjectInputStream {
    Reader(byte[] bytes) throws IOException {
      super(new ByteArrayInputStream(bytes));
    }

    @Override
    protected Class<?> resolveClass(ObjectStreamClass description)
        throws IOException, ClassNotFoundException {
      try {
        return Class.forName(description.getName(), false, loader());
      } catch (ClassNotFoundException e) {
        return super.resolveClass(description);
      }
    }
  }
}
