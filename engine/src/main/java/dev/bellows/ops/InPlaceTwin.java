package dev.bellows.ops;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks an operation whose tensor method has a twin that overwrites the tensor; the twin's name
 * ends in an underscore.
 */
@Retention(RetentionPolicy.SOURCE)
@Target(ElementType.METHOD)
@interface InPlaceTwin {}
