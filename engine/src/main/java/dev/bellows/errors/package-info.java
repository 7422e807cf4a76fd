/** Exceptions with a category, and the texts of error messages. */
package dev.bellows.errors;
