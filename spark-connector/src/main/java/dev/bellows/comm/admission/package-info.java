/**
 * Who may join: both ends of a new connection prove by fresh nonces that they know the job's
 * secret, before anything else is read.
 */
package dev.bellows.comm.admission;
