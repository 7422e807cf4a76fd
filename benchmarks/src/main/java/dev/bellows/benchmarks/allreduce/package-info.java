/** All-reduce over loopback: ours, Open MPI, Gloo, and what the sockets give. */
package dev.bellows.benchmarks.allreduce;
