package dev.bellows.ops;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Which methods a row of {@link Pointwise} for two tensors has besides the one that takes a tensor.
 */
@Retention(RetentionPolicy.SOURCE)
@Target(ElementType.FIELD)
@interface Forms {
  /** Whether there is one that takes a number. */
  boolean number() default true;

  /** Whether there are twins that overwrite the first tensor. */
  boolean inPlace() default true;
}
