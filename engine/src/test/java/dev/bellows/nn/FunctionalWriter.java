package dev.bellows.nn;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.Trees;
import dev.bellows.ForwardingSource;
import dev.bellows.ForwardingSource.Call;
import dev.bellows.ForwardingSource.Form;
import dev.bellows.ForwardingSource.Param;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import javax.lang.model.element.Modifier;

/**
 * Writes the source of {@code Functional} from the other sources of its package, which are parsed
 * and need not compile. A public static method or constant of a class that is not public itself, a
 * topic, becomes one of {@code Functional} with the same Javadoc. A trailing parameter with
 * {@code @Default} may be omitted, and those after it.
 */
final class FunctionalWriter {
  private final ForwardingSource out =
      new ForwardingSource("dev.bellows.nn", "public static", "nn.");

  private FunctionalWriter() {}

  /** The source for all topics in a folder. */
  static String write(Path folder) throws IOException {
    FunctionalWriter writer = new FunctionalWriter();
    ForwardingSource.read(folder, writer::unit);
    return writer.out.source(
        "dev.bellows.nn",
        "/**\n"
            + " * Stateless functions that layers compute. Source of names, defaults and meaning:"
            + " PyTorch's {@code\n"
            + " * torch.nn.functional}.\n"
            + " *\n"
            + " * <p>Do not edit: {@code -Dtest=FunctionalSourceTest -Dbellows.docs.write=true}"
            + " writes this file\n"
            + " * from the public methods of the package's other classes, where each method's"
            + " Javadoc stands too.\n"
            + " */\n"
            + "public final class Functional {\n"
            + "  private Functional() {}\n");
  }

  private void unit(CompilationUnitTree unit, Trees trees) {
    for (Tree type : unit.getTypeDecls()) {
      if (type instanceof ClassTree owner
          && !owner.getModifiers().getFlags().contains(Modifier.PUBLIC)) {
        topic(unit, owner, trees);
      }
    }
  }

  private void topic(CompilationUnitTree unit, ClassTree owner, Trees trees) {
    List<? extends Tree> members =
        owner.getMembers().stream().filter(FunctionalWriter::isPublicStatic).toList();
    String name = owner.getSimpleName().toString();
    if (!members.isEmpty()) {
      out.section(name);
    }
    for (Tree member : members) {
      String comment = ForwardingSource.comment(unit, trees, member);
      if (member instanceof MethodTree method) {
        method(name, method, comment, unit);
      } else if (member instanceof VariableTree field) {
        String constant = field.getName().toString();
        out.constant(comment, field.getType().toString(), constant, name + "." + constant);
      }
    }
  }

  private void method(String owner, MethodTree method, String comment, CompilationUnitTree unit) {
    String name = method.getName().toString();
    List<Param> params = ForwardingSource.params(method, 0);
    out.importTypes(unit, method, params);
    for (Form form : ForwardingSource.forms(name, params, comment)) {
      Call call = new Call(owner + "." + name, form.passed());
      out.method(form.doc(), method.getReturnType().toString(), name, form.declared(), call);
    }
  }

  private static boolean isPublicStatic(Tree member) {
    ModifiersTree modifiers =
        member instanceof MethodTree method
            ? method.getModifiers()
            : member instanceof VariableTree field ? field.getModifiers() : null;
    return modifiers != null
        && modifiers.getFlags().containsAll(Set.of(Modifier.PUBLIC, Modifier.STATIC));
  }
}
