package dev.bellows.spark;

import static dev.bellows.errors.Messages.message;

import dev.bellows.nn.Module;
import dev.bellows.tensor.Generator;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Finds modules that draw from their own generator. What it gives depends on what was drawn before,
 * and so on the shards that this rank ran; numbers that belong to the logical shard come from the
 * thread's default generator.
 */
final class OwnGenerators {
  private OwnGenerators() {}

  /** Returns a message for each field of a module that holds a generator. */
  static List<String> problems(Module model) {
    List<String> problems = new ArrayList<>();
    for (Map.Entry<String, Module> each : model.namedModules().entrySet()) {
      Class<?> type = each.getValue().getClass();
      for (; type != Module.class; type = type.getSuperclass()) {
        for (Field field : type.getDeclaredFields()) {
          if (holdsGenerator(field, each.getValue())) {
            problems.add(
                message(
                    "model: random numbers must be those of the logical shard, so that they depend"
                        + " on no executor; leave the generator out, got one in %s of %s %s",
                    field.getName(), each.getValue().getClass().getSimpleName(), each.getKey()));
          }
        }
      }
    }
    return problems;
  }

  private static boolean holdsGenerator(Field field, Module module) {
    if (field.getType() != Generator.class) {
      return false;
    }
    try {
      field.setAccessible(true);
      return field.get(module) != null;
    } catch (IllegalAccessException | InaccessibleObjectException e) {
      return false; // in a closed module; the draws stay the user's
    }
  }
}
