package dev.bellows.spark;

import dev.bellows.data.Batch;
import dev.bellows.data.TensorDataset;
import dev.bellows.nn.Functional;
import dev.bellows.nn.Module;
import dev.bellows.nn.layer.BatchNorm1d;
import dev.bellows.nn.layer.Dropout;
import dev.bellows.nn.layer.Linear;
import dev.bellows.tensor.Tensor;
import java.util.Map;

/** A problem that trains in milliseconds: three classes, told apart by which feature is largest. */
public final class Tiny {
  /** Number of rows; no multiple of any batch size used. */
  public static final int ROWS = 50;

  /** Numbers per row. */
  public static final int FEATURES = 6;

  private Tiny() {}

  /** Two layers with dropout between them. */
  public static final class Net extends Module {
    final Linear fc1;
    final Dropout dropout = new Dropout(0.2);
    final Linear fc2;

    /** A net of that width. */
    public Net(int width) {
      fc1 = new Linear(FEATURES, width);
      fc2 = new Linear(width, 3);
    }

    @Override
    protected Tensor forward(Tensor x) {
      return fc2.call(dropout.call(fc1.call(x).relu()));
    }
  }

  /** Layers with batch statistics and dropout between them. */
  public static final class NormNet extends Module {
    final Linear fc1;
    final BatchNorm1d norm;
    final Dropout dropout = new Dropout(0.2);
    final Linear fc2;

    /** A net of that width. */
    public NormNet(int width) {
      fc1 = new Linear(FEATURES, width);
      norm = new BatchNorm1d(width);
      fc2 = new Linear(width, 3);
    }

    @Override
    protected Tensor forward(Tensor x) {
      return fc2.call(dropout.call(norm.call(fc1.call(x)).relu()));
    }
  }

  /** The features of a row. */
  public static float[] features(int row) {
    var values = new float[FEATURES];
    for (int i = 0; i < FEATURES; i++) {
      values[i] = (float) Math.sin(1.7 * row + 2.3 * i * (row + 1));
    }
    values[row % 3] += 2;
    return values;
  }

  /** The class of a row. */
  public static long label(int row) {
    return row % 3;
  }

  /** All rows, in memory. */
  public static TensorDataset source() {
    var x = new float[ROWS * FEATURES];
    var y = new long[ROWS];
    for (int row = 0; row < ROWS; row++) {
      System.arraycopy(features(row), 0, x, row * FEATURES, FEATURES);
      y[row] = label(row);
    }
    return TensorDataset.of(
        Map.of("x", Tensor.of(x, ROWS, FEATURES).retain(), "y", Tensor.of(y, ROWS).retain()));
  }

  /** Mean cross-entropy. */
  public static Tensor loss(Module model, Batch batch) {
    return Functional.crossEntropy(model.call(batch.input("x")), batch.input("y"));
  }

  /** Sum of the cross-entropy over the rows. */
  public static double lossSum(Module model, Batch batch) {
    return loss(model, batch).item() * batch.input("y").numel();
  }

  /** Logits. */
  public static Tensor logits(Module model, Batch batch) {
    return model.call(batch.input("x"));
  }
}
