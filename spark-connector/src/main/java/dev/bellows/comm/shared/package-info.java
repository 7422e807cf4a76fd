/**
 * Payloads between ranks of one machine through a ring in shared memory: {@code SharedPath} agrees
 * on the rings of one connection, {@code SharedWriter} and {@code SharedReader} are the ends of one
 * ring, {@code SharedFile} is the memory behind it.
 */
package dev.bellows.comm.shared;
