/** All-reduce over loopback: Bellows, Open MPI, Gloo, and plain sockets. */
package dev.bellows.benchmarks.allreduce;
