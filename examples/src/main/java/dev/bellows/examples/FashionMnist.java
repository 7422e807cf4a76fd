package dev.bellows.examples;

import static dev.bellows.nn.Functional.crossEntropy;
import static dev.bellows.nn.Functional.maxPool2d;

import dev.bellows.nn.Module;
import dev.bellows.nn.layer.Conv2d;
import dev.bellows.nn.layer.Linear;
import dev.bellows.optim.Adam;
import dev.bellows.spark.TrainingJob;
import dev.bellows.spark.TrainingResult;
import dev.bellows.tensor.Tensor;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * A network of LeNet's size on Fashion-MNIST: 60 000 images of clothes for training, 10 000 for the
 * test, 28 by 28 pixels, ten classes. {@code --data} names a directory with the four {@code .gz}
 * files of the data set.
 */
public final class FashionMnist {
  private FashionMnist() {}

  /** Two convolutions with pooling, two linear layers. */
  static final class Net extends Module {
    final Conv2d conv1 = new Conv2d(1, 16, 5, Conv2d.options().padding(2));
    final Conv2d conv2 = new Conv2d(16, 32, 5, Conv2d.options().padding(2));
    final Linear fc1 = new Linear(32 * 7 * 7, 128);
    final Linear fc2 = new Linear(128, 10);

    @Override
    protected Tensor forward(Tensor pixels) {
      var x = FashionData.normalized(pixels);
      x = maxPool2d(conv1.call(x).relu(), 2);
      x = maxPool2d(conv2.call(x).relu(), 2);
      return fc2.call(fc1.call(x.flatten(1)).relu());
    }
  }

  /** Trains the model; see {@code --help}. */
  public static void main(String[] args) {
    var own = Map.of("--data", FashionData.HELP);
    var options = new Options("fashion-mnist", Launcher.options(own));
    Launcher.main("fashion-mnist", options, args, FashionMnist::train);
  }

  static TrainingResult train(SparkSession spark, Options options) {
    var lr = options.real("--lr", 1e-3);
    var data = FashionData.of("fashion-mnist", options);
    var job =
        TrainingJob.builder(spark)
            .model(Net::new)
            .loss(
                (net, batch) -> crossEntropy(net.call(batch.input("image")), batch.input("label")))
            .optimizer(parameters -> new Adam(parameters, lr))
            .data(data.train(spark, Integer.MAX_VALUE), FashionData.IMAGE, FashionData.LABEL)
            .evaluation(data.test(spark))
            .predict((net, batch) -> net.call(batch.input("image")), "label")
            .evaluateEpochs(true)
            .globalBatch(options.count("--global-batch", 128))
            .epochs(options.count("--epochs", 5));
    return Launcher.configure(job, options).build().run();
  }
}
