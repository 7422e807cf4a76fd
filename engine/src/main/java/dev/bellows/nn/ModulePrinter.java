package dev.bellows.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Prints a module as PyTorch does: a module that has two names is printed under both. */
final class ModulePrinter {
  private ModulePrinter() {}

  static String print(Module module) {
    ModuleTree.visit(module, (name, each) -> {}); // rejects a module that contains itself
    List<String> lines = new ArrayList<>();
    children(module, lines);
    String extra = module.extraRepr();
    if (lines.isEmpty() && extra.indexOf('\n') < 0) {
      return module.typeName() + "(" + extra + ")";
    }
    StringBuilder text = new StringBuilder(module.typeName()).append('(');
    if (!extra.isEmpty()) {
      text.append("\n  ").append(indent(extra));
    }
    lines.forEach(line -> text.append("\n  ").append(line));
    return text.append("\n)").toString();
  }

  private static String indent(String text) {
    return text.replace("\n", "\n  ");
  }

  private static void children(Module module, List<String> lines) {
    List<String> names = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    for (Map.Entry<String, Object> member : ModuleTree.checkedMembers(module, "").entrySet()) {
      if (member.getValue() instanceof Module child) {
        names.add(member.getKey());
        texts.add(indent(child.toString()));
      }
    }
    boolean groups = module instanceof ModuleList;
    for (int i = 0, end; i < names.size(); i = end) {
      end = i + 1;
      while (groups && end < names.size() && texts.get(end).equals(texts.get(i))) {
        end++;
      }
      int count = end - i;
      lines.add(
          count == 1
              ? "(" + names.get(i) + "): " + texts.get(i)
              : "(" + i + "-" + (end - 1) + "): " + count + " x " + texts.get(i));
    }
  }
}
