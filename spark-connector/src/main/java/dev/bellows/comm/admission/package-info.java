/**
 * Who may join: both ends of a new connection prove by fresh nonces that they know the job's
 * secret, before anything else is read, and nothing more than a small message is kept of a
 * stranger. Used by the ranks of a group and by the coordinator.
 *
 * <p>{@code Admission} begins and counts the handshakes of one endpoint, {@code HandshakeHandler}
 * is one of them, {@code Party} what differs from use to use; {@code Proof} and {@code Hkdf} are
 * the cryptography.
 */
package dev.bellows.comm.admission;
