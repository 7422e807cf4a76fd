/** Static graphs recorded from one run of a model, which run and are saved without its class. */
package dev.bellows.trace;
