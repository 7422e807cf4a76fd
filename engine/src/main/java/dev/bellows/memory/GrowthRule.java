package dev.bellows.memory;

/**
 * Decides when to request a garbage collection in order to free unreachable tensors. A collection
 * is due once the bytes in use exceed those in use after the last collection by the same amount
 * again, or by an allowance if that is larger. Code that closes its tensors or opens scopes reaches
 * its peak after a few collections and triggers no more.
 *
 * <p>The allowance starts at {@link #LEAST_BYTES}. It doubles, up to a sixteenth of the limit and
 * to {@link #MOST_BYTES}, while collections take more than an eighth of the time, and halves once
 * they take less than a thirty-second. Not thread-safe.
 */
public final class GrowthRule {
  /** Growth below this size never triggers a collection. */
  public static final long LEAST_BYTES = 64L << 20;

  /**
   * Growth above this size, and above the bytes that are live, triggers a collection however long
   * it takes: a loop without scopes that allocates 4 MiB at a time peaks at 0.3 GB and is as fast
   * as with 1 GB, since pages of the system cost more than collections.
   */
  public static final long MOST_BYTES = 256L << 20;

  private static final int COSTLY = 8;
  private static final int CHEAP = 32;
  private static final int OF_LIMIT = 16;

  private long mostBytes;
  private long allowance = LEAST_BYTES;
  private long collectAt = LEAST_BYTES;
  private long lastEndNs;

  /** Creates the rule for an allocator limited to {@code limitBytes}. */
  public GrowthRule(long limitBytes, long nowNs) {
    setLimit(limitBytes);
    this.lastEndNs = nowNs;
  }

  /** Changes the limit from which the maximum allowance is derived. */
  public void setLimit(long limitBytes) {
    mostBytes = Math.max(LEAST_BYTES, Math.min(MOST_BYTES, limitBytes / OF_LIMIT));
    allowance = Math.min(allowance, mostBytes);
  }

  /** Returns whether a collection is due before {@code usedBytes} are in use. */
  public boolean isDue(long usedBytes) {
    return usedBytes > collectAt;
  }

  /**
   * Records a collection that ran from {@code startNs} to {@code endNs} and left {@code liveBytes}
   * in use.
   */
  public void collected(long liveBytes, long startNs, long endNs) {
    long took = endNs - startNs;
    long since = startNs - lastEndNs;
    if (took > since / COSTLY) {
      allowance = Math.min(2 * allowance, mostBytes);
    } else if (took < since / CHEAP) {
      allowance = Math.max(allowance / 2, LEAST_BYTES);
    }
    lastEndNs = endNs;
    collectAt = liveBytes + Math.max(allowance, liveBytes);
  }
}
