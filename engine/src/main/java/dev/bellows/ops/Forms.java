package dev.bellows.ops;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Which methods of the tensor a row of {@link Pointwise} has; by default all of them. */
@Retention(RetentionPolicy.SOURCE)
@Target(ElementType.FIELD)
@interface Forms {
  /** Returns whether there are methods of the tensor at all. */
  boolean method() default true;

  /** Returns whether there is one that takes a number. */
  boolean number() default true;

  /** Returns whether there are twins that overwrite the first tensor. */
  boolean inPlace() default true;
}
