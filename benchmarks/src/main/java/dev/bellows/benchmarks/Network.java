package dev.bellows.benchmarks;

import java.util.Arrays;

/** The networks that both sides train. */
enum Network {
  /** 784-512-256-10 with ReLU. */
  MLP(10, false, false, 128, 784),

  /**
   * The network of PyTorch's MNIST example: conv 1→32 3x3, ReLU, conv 32→64 3x3, ReLU, max pool 2,
   * dropout 0.25, linear 9216→128, ReLU, dropout 0.5, linear 128→10; 1,199,882 parameters.
   */
  LENET(10, false, true, 64, 1, 28, 28),

  /** ResNet-18 for small images: 3x3 stem, no pooling before the average; 11 million parameters. */
  RESNET18(10, false, false, 32, 3, 32, 32),

  /** GPT-2 with 4 layers of 128 features and 4 heads, 64 positions, 256 tokens, no dropout. */
  GPT(256, true, false, 32, 64),

  /** A language model: embeddings and one LSTM of 256 features, 64 steps, 256 tokens. */
  LSTM(256, true, false, 64, 32);

  /** Number of classes of a label, or of tokens. */
  final int classes;

  /** Whether inputs are token numbers, with a label for each, rather than images. */
  final boolean readsTokens;

  /** Whether a step draws random numbers, so that the two sides differ. */
  final boolean draws;

  /** The shape of a batch of inputs; the LSTM's starts with the steps. */
  final long[] inputShape;

  Network(int classes, boolean readsTokens, boolean draws, long... inputShape) {
    this.classes = classes;
    this.readsTokens = readsTokens;
    this.draws = draws;
    this.inputShape = inputShape;
  }

  /** Returns the number of elements of a batch. */
  int inputs() {
    return (int) Arrays.stream(inputShape).reduce(1, (a, b) -> a * b);
  }

  /** Returns the number of labels of a batch. */
  int labels() {
    return readsTokens ? inputs() : (int) inputShape[0];
  }

  /** Returns whether libtorch may be faster with another memory format. */
  boolean convolves() {
    return this == LENET || this == RESNET18;
  }
}
