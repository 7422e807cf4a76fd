/** Side-by-side runs against the peers; each checks its own result. */
package dev.bellows.benchmarks;
