package dev.bellows.examples;

import static dev.bellows.errors.Messages.message;
import static dev.bellows.spark.data.Column.column;

import dev.bellows.data.IdxFile;
import dev.bellows.memory.DType;
import dev.bellows.spark.data.Column;
import dev.bellows.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Fashion-MNIST as data frames: 28 by 28 pixels of 0 to 255, ten classes of clothes. */
final class FashionData {
  static final String HELP = "directory of the data set's .gz files";
  static final Column IMAGE = column("image", DType.UINT8, 1, 28, 28);
  static final Column LABEL = column("label", DType.INT64);

  private static final int PIXELS = 28 * 28;
  private static final int SLICES = 16;

  /** Mean and standard deviation of the training pixels, as fractions of white. */
  private static final double MEAN = 0.2860;

  private static final double DEVIATION = 0.3530;

  private final String example;
  private final Path directory;

  private FashionData(String example, Path directory) {
    this.example = example;
    this.directory = directory;
  }

  /** Returns the data set in the directory that {@code --data} names. */
  static FashionData of(String example, Options options) {
    var directory = options.text("--data", null);
    if (directory == null) {
      throw new IllegalArgumentException(
          example + ": --data must name the directory of the data set; got none");
    }
    return new FashionData(example, Path.of(directory));
  }

  /** Returns the first training images: 60 000 are there. */
  Dataset<Row> train(SparkSession spark, int most) {
    return frame(spark, "train", most);
  }

  /** Returns the 10 000 test images. */
  Dataset<Row> test(SparkSession spark) {
    return frame(spark, "t10k", Integer.MAX_VALUE);
  }

  /** Returns pixels with mean 0 and deviation 1 over the training images. */
  static Tensor normalized(Tensor pixels) {
    return pixels.to(DType.FLOAT32).mul(1 / 255.0).sub(MEAN).div(DEVIATION);
  }

  private Dataset<Row> frame(SparkSession spark, String part, int most) {
    var images = read(directory.resolve(part + "-images-idx3-ubyte.gz"));
    var labels = read(directory.resolve(part + "-labels-idx1-ubyte.gz"));
    var pixels = images.byteBuffer();
    var classes = labels.to(DType.INT64).toLongArray();
    int count = Math.min(most, classes.length);
    List<Row> rows = new ArrayList<>(count);
    for (int row = 0; row < count; row++) {
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

  private Tensor read(Path file) {
    try {
      return IdxFile.read(file);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          message("%s: --data must hold %s; %s", example, file.getFileName(), e), e);
    }
  }
}
