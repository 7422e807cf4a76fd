package dev.bellows.examples;

import static dev.bellows.errors.Messages.message;
import static dev.bellows.nn.Functional.crossEntropy;
import static dev.bellows.nn.Functional.maxPool2d;
import static dev.bellows.spark.data.Column.column;

import dev.bellows.data.IdxFile;
import dev.bellows.memory.DType;
import dev.bellows.nn.Module;
import dev.bellows.nn.layer.Conv2d;
import dev.bellows.nn.layer.Linear;
import dev.bellows.optim.Adam;
import dev.bellows.spark.TrainingJob;
import dev.bellows.spark.TrainingResult;
import dev.bellows.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A network of LeNet's size on Fashion-MNIST: 60 000 images of clothes for training, 10 000 for the
 * test, 28 by 28 pixels, ten classes. {@code --data} names a directory with the four {@code .gz}
 * files of the data set.
 */
public final class FashionMnist {
  private static final int PIXELS = 28 * 28;
  private static final int SLICES = 16;

  /** Mean and standard deviation of the training pixels, as fractions of white. */
  private static final double MEAN = 0.2860;

  private static final double DEVIATION = 0.3530;

  private FashionMnist() {}

  /** Two convolutions with pooling, two linear layers. */
  static final class Net extends Module {
    final Conv2d conv1 = new Conv2d(1, 16, 5, Conv2d.options().padding(2));
    final Conv2d conv2 = new Conv2d(16, 32, 5, Conv2d.options().padding(2));
    final Linear fc1 = new Linear(32 * 7 * 7, 128);
    final Linear fc2 = new Linear(128, 10);

    @Override
    protected Tensor forward(Tensor pixels) {
      var x = pixels.to(DType.FLOAT32).mul(1 / 255.0).sub(MEAN).div(DEVIATION);
      x = maxPool2d(conv1.call(x).relu(), 2);
      x = maxPool2d(conv2.call(x).relu(), 2);
      return fc2.call(fc1.call(x.flatten(1)).relu());
    }
  }

  /** Trains the model; see {@code --help}. */
  public static void main(String[] args) {
    var own = Map.of("--data", "directory of the data set's .gz files");
    var options = new Options("fashion-mnist", Launcher.options(own));
    System.exit(Launcher.run("fashion-mnist", options, args, FashionMnist::train));
  }

  static TrainingResult train(SparkSession spark, Options options) {
    var directory = options.text("--data", null);
    if (directory == null) {
      throw new IllegalArgumentException(
          "fashion-mnist: --data must name the directory of the data set; got none");
    }
    var lr = options.real("--lr", 1e-3);
    var data = Path.of(directory);
    var job =
        TrainingJob.builder(spark)
            .model(Net::new)
            .loss(
                (net, batch) -> crossEntropy(net.call(batch.input("image")), batch.input("label")))
            .optimizer(parameters -> new Adam(parameters, lr))
            .data(
                frame(spark, data, "train"),
                column("image", DType.UINT8, 1, 28, 28),
                column("label", DType.INT64))
            .evaluation(frame(spark, data, "t10k"))
            .predict((net, batch) -> net.call(batch.input("image")), "label")
            .evaluateEpochs(true)
            .globalBatch(options.count("--global-batch", 128))
            .epochs(options.count("--epochs", 5));
    return Launcher.configure(job, options).build().run();
  }

  private static Dataset<Row> frame(SparkSession spark, Path directory, String part) {
    var images = read(directory.resolve(part + "-images-idx3-ubyte.gz"));
    var labels = read(directory.resolve(part + "-labels-idx1-ubyte.gz"));
    var pixels = images.byteBuffer();
    var classes = labels.to(DType.INT64).toLongArray();
    List<Row> rows = new ArrayList<>(classes.length);
    for (int row = 0; row < classes.length; row++) {
      var image = new byte[PIXELS];
      pixels.get(row * PIXELS, image);
      rows.add(RowFactory.create(image, classes[row]));
    }
    images.close();
    labels.close();
    return spark.createDataFrame(
        JavaSparkContext.fromSparkContext(spark.sparkContext()).parallelize(rows, SLICES),
        new StructType()
            .add("image", DataTypes.BinaryType, false)
            .add("label", DataTypes.LongType, false));
  }

  private static Tensor read(Path file) {
    try {
      return IdxFile.read(file);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          message("fashion-mnist: --data must hold %s; %s", file.getFileName(), e), e);
    }
  }
}
