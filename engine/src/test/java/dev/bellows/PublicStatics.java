package dev.bellows;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

/** Checks that every method that users can call on a public class is declared by a public class. */
public final class PublicStatics {
  /** No public class inherits public statics from a class that is not public. */
  public static final ArchRule ON_PUBLIC_CLASSES =
      classes()
          .that()
          .arePublic()
          .should(new Declared())
          .because("Scala and reflection do not find inherited statics of hidden classes");

  private PublicStatics() {}

  private static final class Declared extends ArchCondition<JavaClass> {
    Declared() {
      super("declare the public statics that users name them by");
    }

    @Override
    public void check(JavaClass item, ConditionEvents events) {
      item.getAllRawSuperclasses().stream()
          .filter(above -> !above.getModifiers().contains(JavaModifier.PUBLIC))
          .flatMap(above -> above.getMembers().stream())
          .filter(Declared::isPublicStatic)
          .forEach(member -> events.add(SimpleConditionEvent.violated(item, text(item, member))));
    }

    private static boolean isPublicStatic(JavaMember member) {
      return member.getModifiers().contains(JavaModifier.PUBLIC)
          && member.getModifiers().contains(JavaModifier.STATIC);
    }

    private static String text(JavaClass item, JavaMember member) {
      return item.getName() + " inherits " + member.getFullName();
    }
  }
}
