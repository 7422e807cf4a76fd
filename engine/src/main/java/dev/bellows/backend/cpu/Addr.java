package dev.bellows.backend.cpu;

import org.bytedeco.javacpp.FloatPointer;

/** A JavaCPP pointer whose address is set per call: it owns nothing, so nothing is ever freed. */
final class Addr extends FloatPointer {
  /** Points at {@code address}. */
  Addr at(long address) {
    this.address = address;
    return this;
  }
}
