package dev.bellows.examples;

import static dev.bellows.nn.Functional.crossEntropy;
import static dev.bellows.nn.Functional.maxPool2d;
import static dev.bellows.spark.data.Column.column;

import dev.bellows.memory.DType;
import dev.bellows.nn.Module;
import dev.bellows.nn.layer.Conv2d;
import dev.bellows.nn.layer.Dropout;
import dev.bellows.nn.layer.Linear;
import dev.bellows.optim.Adam;
import dev.bellows.spark.TrainingJob;
import dev.bellows.spark.TrainingResult;
import dev.bellows.tensor.Tensor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A small convolutional network for handwritten digits of 8 by 8 pixels, which are included in this
 * jar. Every fifth image is used for the test.
 */
public final class Digits {
  private static final String DATA = "/dev/bellows/examples/digits.csv.gz";
  private static final int PIXELS = 64;
  private static final int FIFTH = 5;

  private Digits() {}

  /** Two convolutions, a pooling layer, two linear layers. */
  static final class Net extends Module {
    final Conv2d conv1 = new Conv2d(1, 16, 3, Conv2d.options().padding(1));
    final Conv2d conv2 = new Conv2d(16, 32, 3, Conv2d.options().padding(1));
    final Dropout dropout = new Dropout(0.25);
    final Linear fc1 = new Linear(32 * 4 * 4, 64);
    final Linear fc2 = new Linear(64, 10);

    @Override
    protected Tensor forward(Tensor x) {
      var features = maxPool2d(conv2.call(conv1.call(x).relu()).relu(), 2);
      return fc2.call(fc1.call(dropout.call(features.flatten(1))).relu());
    }
  }

  /** Trains the model; see {@code --help}. */
  public static void main(String[] args) {
    var options = new Options("digits", Launcher.options(Map.of()));
    Launcher.main("digits", options, args, Digits::train);
  }

  static TrainingResult train(SparkSession spark, Options options) {
    var lr = options.real("--lr", 2e-3);
    var job =
        TrainingJob.builder(spark)
            .model(Net::new)
            .loss(
                (net, batch) -> crossEntropy(net.call(batch.input("image")), batch.input("label")))
            .optimizer(parameters -> new Adam(parameters, lr))
            .data(
                frame(spark, false),
                column("image", DType.FLOAT32, 1, 8, 8),
                column("label", DType.INT64))
            .evaluation(frame(spark, true))
            .predict((net, batch) -> net.call(batch.input("image")), "label")
            .globalBatch(options.count("--global-batch", 64))
            .epochs(options.count("--epochs", 20));
    return Launcher.configure(job, options).build().run();
  }

  /** Returns the test images, or the training images. */
  static Dataset<Row> frame(SparkSession spark, boolean test) {
    List<Row> rows = new ArrayList<>();
    try (var reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Digits.class.getResourceAsStream(DATA)),
                StandardCharsets.US_ASCII))) {
      var number = 0;
      for (var line = reader.readLine(); line != null; line = reader.readLine()) {
        if ((number++ % FIFTH == 0) == test) {
          rows.add(row(line.split(",")));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("digits: cannot read " + DATA, e);
    }
    return spark.createDataFrame(
        rows,
        new StructType()
            .add("image", DataTypes.createArrayType(DataTypes.FloatType, false))
            .add("label", DataTypes.LongType, false));
  }

  private static Row row(String[] cells) {
    List<Float> image = new ArrayList<>(PIXELS);
    for (int i = 0; i < PIXELS; i++) {
      image.add(Float.parseFloat(cells[i]) / 16);
    }
    return RowFactory.create(image, Long.parseLong(cells[PIXELS]));
  }
}
