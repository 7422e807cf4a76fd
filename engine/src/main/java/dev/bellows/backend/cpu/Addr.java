package dev.bellows.backend.cpu;

import org.bytedeco.javacpp.FloatPointer;

/** A JavaCPP pointer whose address is set per call. It does not own memory and frees nothing. */
final class Addr extends FloatPointer {
  /** Sets the address. */
  Addr at(long address) {
    this.address = address;
    return this;
  }
}
