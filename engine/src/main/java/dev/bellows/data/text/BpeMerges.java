package dev.bellows.data.text;

import static dev.bellows.errors.Messages.message;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.IntConsumer;

/**
 * The merges of a byte-pair encoding. A piece starts as the tokens of its bytes; the pair of
 * neighbours whose merge comes first, and of equal ones the leftmost, becomes one token, until no
 * pair has a merge. Pairs wait in a queue and tokens are linked, so that n bytes take O(n log n).
 */
final class BpeMerges {
  private record Merge(int rank, int token) {}

  /** A pair that had a merge: it counts as long as both of its tokens are still there. */
  private record Candidate(int rank, int at, int left, int right, int token)
      implements Comparable<Candidate> {
    @Override
    public int compareTo(Candidate other) {
      return rank != other.rank ? Integer.compare(rank, other.rank) : Integer.compare(at, other.at);
    }
  }

  private final int[] tokenOfByte = new int[256];
  private final Map<Long, Merge> merges = new HashMap<>();

  BpeMerges(Map<String, Integer> vocabulary, List<String> lines) {
    for (int b = 0; b < tokenOfByte.length; b++) {
      tokenOfByte[b] = token(vocabulary, ByteSymbols.symbol(b));
    }
    for (int rank = 0; rank < lines.size(); rank++) {
      String[] pair = lines.get(rank).split(" ", -1);
      if (pair.length != 2) {
        throw new IllegalArgumentException(
            message(
                "BpeTokenizer: a merge must be two tokens and a space; got %s", lines.get(rank)));
      }
      long key = key(token(vocabulary, pair[0]), token(vocabulary, pair[1]));
      merges.putIfAbsent(key, new Merge(rank, token(vocabulary, pair[0] + pair[1])));
    }
  }

  private static int token(Map<String, Integer> vocabulary, String text) {
    Integer token = vocabulary.get(text);
    if (token == null) {
      throw new IllegalArgumentException(
          message(
              "BpeTokenizer: the vocabulary must have all bytes and the tokens of all merges; got"
                  + " none for %s",
              text));
    }
    return token;
  }

  private static long key(int left, int right) {
    return (long) left << 32 | right;
  }

  /** Passes the tokens of a piece. */
  void encode(byte[] piece, IntConsumer sink) {
    int n = piece.length;
    int[] tokens = new int[n];
    int[] next = new int[n];
    int[] previous = new int[n];
    for (int i = 0; i < n; i++) {
      tokens[i] = tokenOfByte[piece[i] & 0xFF];
      next[i] = i + 1;
      previous[i] = i - 1;
    }
    PriorityQueue<Candidate> queue = new PriorityQueue<>();
    for (int i = 0; i + 1 < n; i++) {
      offer(queue, tokens, i, i + 1);
    }
    while (!queue.isEmpty()) {
      Candidate best = queue.remove();
      int left = best.at;
      int right = next[left];
      if (tokens[left] != best.left || right >= n || tokens[right] != best.right) {
        continue;
      }
      tokens[left] = best.token;
      tokens[right] = -1; // so that pairs that start there no longer count
      next[left] = next[right];
      if (next[left] < n) {
        previous[next[left]] = left;
        offer(queue, tokens, left, next[left]);
      }
      if (previous[left] >= 0) {
        offer(queue, tokens, previous[left], left);
      }
    }
    for (int i = 0; i < n; i = next[i]) {
      sink.accept(tokens[i]);
    }
  }

  private void offer(PriorityQueue<Candidate> queue, int[] tokens, int left, int right) {
    Merge merge = merges.get(key(tokens[left], tokens[right]));
    if (merge != null) {
      queue.add(new Candidate(merge.rank, left, tokens[left], tokens[right], merge.token));
    }
  }
}
