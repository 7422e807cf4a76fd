package dev.bellows.nn;

import static dev.bellows.errors.Messages.message;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * Rejects modules that reach parameters, buffers or modules that are not registered: these would
 * silently be neither trained nor saved. A member that is registered anywhere in the module's tree
 * may also be held elsewhere, and so may an enclosing module.
 */
final class HiddenMembers {
  private final Set<Object> known = Collections.newSetFromMap(new IdentityHashMap<>());

  private HiddenMembers() {}

  /**
   * Checks a module and all its descendants.
   *
   * @throws IllegalStateException naming the first field or captured variable that hides a member
   */
  static void check(Module root) {
    List<Module> suspicious = new ArrayList<>();
    ModuleTree.visit(
        root,
        (name, module) -> {
          if (ModuleFields.of(module.getClass()).isSuspicious()) {
            suspicious.add(module);
          }
        });
    if (!suspicious.isEmpty()) {
      HiddenMembers check = new HiddenMembers();
      check.learn(root);
      check.learn(root.top());
      suspicious.forEach(check::checkOne);
    }
  }

  private void learn(Object member) {
    if (known.add(member) && member instanceof Module module) {
      module.members(new ArrayList<>()).values().forEach(this::learn);
    }
  }

  private void checkOne(Module module) {
    ModuleFields fields = ModuleFields.of(module.getClass());
    for (Field field : fields.suspects()) {
      if (hides(module, Reach.valueOf(field, module))) {
        throw field.isSynthetic() ? captured(module, field) : ModuleFields.hidden(field);
      }
    }
    for (Field outer : fields.outers()) {
      checkOuter(module, outer.getDeclaringClass(), Reach.valueOf(outer, module));
    }
  }

  /** Checks which members of its enclosing objects the code of an inner class uses. */
  private void checkOuter(Module module, Class<?> inner, Object outer) {
    if (outer == null || outer instanceof Module around && ModuleTree.contains(around, module)) {
      return;
    }
    Class<?> type = outer.getClass();
    for (Class<?> c = type; c != null && c != Module.class; c = c.getSuperclass()) {
      for (Field field : c.getDeclaredFields()) {
        if (!Reach.mayHold(field.getType())) {
          continue;
        }
        if (Reach.isOuter(field)) {
          if (field.trySetAccessible()) {
            checkOuter(module, inner, Reach.valueOf(field, outer));
          }
        } else if (isUsed(inner, type, field)
            && field.trySetAccessible()
            && hides(module, Reach.valueOf(field, outer))) {
          throw around(module, field);
        }
      }
    }
  }

  private static boolean isUsed(Class<?> inner, Class<?> outer, Field field) {
    return !Modifier.isStatic(field.getModifiers())
        && CapturedUses.has(inner, outer, field.getName());
  }

  private boolean hides(Module holder, Object value) {
    return Reach.membersFrom(value).stream().anyMatch(member -> !isKnown(holder, member));
  }

  /** Returns whether a member is registered, or is a module that only groups registered members. */
  private boolean isKnown(Module holder, Object member) {
    if (known.contains(member)) {
      return true;
    }
    if (!(member instanceof Module module)) {
      return false;
    }
    List<Object> inside = new ArrayList<>(module.members(new ArrayList<>()).values());
    return ModuleTree.contains(module, holder)
        || !inside.isEmpty() && inside.stream().allMatch(each -> isKnown(holder, each));
  }

  private static IllegalStateException captured(Module module, Field field) {
    String name = field.getName().replaceFirst("^val\\$", "");
    return refused(
        module, "captures variable " + typed(name, field), name, "a field of the module");
  }

  private static IllegalStateException around(Module module, Field field) {
    String owner = field.getDeclaringClass().getSimpleName();
    return refused(
        module,
        message(
            "uses field %s of %s around it",
            typed(field.getName(), field), owner.isEmpty() ? "the object" : owner),
        field.getName(),
        "a field of this module, too");
  }

  private static String typed(String name, Field field) {
    return name + " (" + field.getType().getSimpleName() + ")";
  }

  private static IllegalStateException refused(
      Module module, String what, String name, String instead) {
    String type = module.getClass().getSimpleName();
    return new IllegalStateException(
        message(
            "%s: %s, whose members would not be registered, so neither trained nor saved; make it"
                + " %s, or call register(\"%s\", %s) in it",
            type.isEmpty() ? "Module" : type, what, instead, name, name));
  }
}
