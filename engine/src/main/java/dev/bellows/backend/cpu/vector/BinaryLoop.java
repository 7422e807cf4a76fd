package dev.bellows.backend.cpu.vector;

import dev.bellows.backend.cpu.Rows;

/** An operation of two arguments. */
interface BinaryLoop {
  void rows(Rows a, Rows b, Rows out, long rows, long n);

  void scalar(Rows a, float scalar, Rows out, long rows, long n);
}
