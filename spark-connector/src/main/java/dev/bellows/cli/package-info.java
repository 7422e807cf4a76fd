/** The {@code bellows} command: local clusters, submitting applications, the demo. */
package dev.bellows.cli;
