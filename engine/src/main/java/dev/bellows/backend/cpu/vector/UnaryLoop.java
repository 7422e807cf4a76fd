package dev.bellows.backend.cpu.vector;

import dev.bellows.backend.cpu.Rows;

/** An operation of one argument. */
interface UnaryLoop {
  void rows(Rows a, Rows out, long rows, long n);
}
