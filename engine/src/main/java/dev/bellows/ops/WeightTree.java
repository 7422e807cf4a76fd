package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

import java.util.Arrays;

/**
 * Weights with their sums, for draws in proportion to them. The weights are cut into blocks; a
 * binary tree over the blocks holds the sum below each node, so that finding and removing a weight
 * reads one block and one path. A changed sum is added up again, never subtracted from, so that no
 * rounding accumulates.
 */
final class WeightTree {
  private static final int BLOCK = 64;

  private final double[] weights;
  private final double[] sums; // the children of node i are 2 i and 2 i + 1
  private final int leaves; // the node of block b is leaves + b

  /**
   * Copies weights [from, to) of an array.
   *
   * @throws IllegalArgumentException if one is negative or not finite
   */
  WeightTree(double[] all, int from, int to) {
    weights = Arrays.copyOfRange(all, from, to);
    for (double weight : weights) {
      Sampling.require(
          weight >= 0 && weight < Double.POSITIVE_INFINITY,
          "probability tensor contains either `inf`, `nan` or element < 0; got " + weight);
    }
    int blocks = Math.max(1, (weights.length + BLOCK - 1) / BLOCK);
    leaves = Integer.highestOneBit(2 * blocks - 1);
    sums = new double[2 * leaves];
    for (int block = 0; block < blocks; block++) {
      sums[leaves + block] = sumOf(block);
    }
    for (int node = leaves - 1; node > 0; node--) {
      sums[node] = sums[2 * node] + sums[2 * node + 1];
    }
  }

  private int end(int block) {
    return Math.min(weights.length, (block + 1) * BLOCK);
  }

  private double sumOf(int block) {
    double sum = 0;
    for (int i = block * BLOCK; i < end(block); i++) {
      sum += weights[i];
    }
    return sum;
  }

  /**
   * Returns the index whose part of the sum holds a fraction of it.
   *
   * @param fraction in [0, 1)
   * @throws IllegalArgumentException if the sum is 0 or not finite
   */
  int find(double fraction) {
    double sum = sums[1];
    if (!(sum > 0 && sum < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          message(
              sum > 0
                  ? "invalid multinomial distribution (sum of probabilities must be finite); got %s"
                  : "invalid multinomial distribution (sum of probabilities <= 0): too few weights;"
                      + " got the sum %s",
              sum));
    }
    double point = fraction * sum;
    int node = 1;
    while (node < leaves) {
      node *= 2;
      if (sums[node + 1] > 0 && point >= sums[node]) {
        point -= sums[node];
        node++;
      }
    }
    int block = node - leaves;
    int last = 0;
    for (int i = block * BLOCK; i < end(block); i++) {
      if (weights[i] > 0) {
        last = i;
        if (point < weights[i]) {
          return i;
        }
        point -= weights[i];
      }
    }
    return last; // the fraction was rounded up to 1
  }

  /** Sets a weight to 0. */
  void remove(int index) {
    weights[index] = 0;
    int block = index / BLOCK;
    sums[leaves + block] = sumOf(block);
    for (int node = (leaves + block) / 2; node > 0; node /= 2) {
      sums[node] = sums[2 * node] + sums[2 * node + 1];
    }
  }
}
