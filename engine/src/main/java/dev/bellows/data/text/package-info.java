/** Tokenizers: text as the numbers that language models take, and back. */
package dev.bellows.data.text;
