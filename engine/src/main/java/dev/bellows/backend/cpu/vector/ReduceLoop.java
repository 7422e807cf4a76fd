package dev.bellows.backend.cpu.vector;

import dev.bellows.backend.cpu.Rows;

/** A reduction. */
interface ReduceLoop {
  void rows(Rows a, Rows out, long rows, long n);

  void columns(Rows a, Rows out, long rows, long n);
}
