package dev.bellows.backend.cpu.vector;

import dev.bellows.backend.SgdArgs;
import dev.bellows.backend.cpu.Rows;

/** One variant of the SGD step. */
interface SgdLoop {
  void run(Rows param, Rows grad, Rows buffer, long n, SgdArgs args);
}
