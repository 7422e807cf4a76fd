package dev.bellows.backend.cpu.vector;

import dev.bellows.backend.AdamArgs;
import dev.bellows.backend.cpu.Rows;

/** One variant of the Adam step. */
interface AdamLoop {
  void run(Rows param, Rows grad, Rows m, Rows v, long n, AdamArgs args);
}
