package dev.bellows.examples;

import static dev.bellows.nn.Functional.crossEntropy;

import dev.bellows.data.transform.Compose;
import dev.bellows.data.transform.RandomCrop;
import dev.bellows.data.transform.RandomHorizontalFlip;
import dev.bellows.data.transform.Transform;
import dev.bellows.nn.MayBeNull;
import dev.bellows.nn.Module;
import dev.bellows.nn.layer.BatchNorm2d;
import dev.bellows.nn.layer.Conv2d;
import dev.bellows.nn.layer.Linear;
import dev.bellows.nn.layer.Sequential;
import dev.bellows.optim.SGD;
import dev.bellows.optim.schedule.OneCycleLR;
import dev.bellows.spark.LearningRate;
import dev.bellows.spark.TrainingJob;
import dev.bellows.spark.TrainingResult;
import dev.bellows.tensor.Tensor;
import java.util.LinkedHashMap;
import org.apache.spark.sql.SparkSession;

/**
 * ResNet-20 on Fashion-MNIST: three stages of three residual blocks, of 16, 32 and 64 channels,
 * with batch normalisation; images are cropped and flipped at random, and the learning rate goes
 * through one cycle. Source: He et al., Deep residual learning for image recognition, 2015, section
 * 4.2.
 */
public final class FashionResNet {
  private static final String NAME = "fashion-resnet";
  private static final Transform AUGMENT =
      new Compose(new RandomCrop(28).padding(2), new RandomHorizontalFlip());

  private FashionResNet() {}

  private static Conv2d conv(int in, int out, int kernel, int stride) {
    var options = Conv2d.options().stride(stride).padding(kernel / 2).bias(false);
    return new Conv2d(in, out, kernel, options);
  }

  /** Two convolutions, and a way around them. */
  static final class Block extends Module {
    final Conv2d conv1;
    final BatchNorm2d bn1;
    final Conv2d conv2;
    final BatchNorm2d bn2;
    @MayBeNull final Sequential shortcut;

    Block(int in, int out, int stride) {
      conv1 = conv(in, out, 3, stride);
      bn1 = new BatchNorm2d(out);
      conv2 = conv(out, out, 3, 1);
      bn2 = new BatchNorm2d(out);
      shortcut =
          stride == 1 ? null : new Sequential(conv(in, out, 1, stride), new BatchNorm2d(out));
    }

    @Override
    protected Tensor forward(Tensor x) {
      var y = bn1.call(conv1.call(x)).relu();
      y = bn2.call(conv2.call(y));
      return y.add(shortcut == null ? x : shortcut.call(x)).relu();
    }
  }

  /** Images [n, 1, 28, 28] to logits [n, 10]. */
  static final class ResNet20 extends Module {
    final Conv2d conv = conv(1, 16, 3, 1);
    final BatchNorm2d bn = new BatchNorm2d(16);
    final Sequential stage1 = stage(16, 16, 1);
    final Sequential stage2 = stage(16, 32, 2);
    final Sequential stage3 = stage(32, 64, 2);
    final Linear fc = new Linear(64, 10);

    private static Sequential stage(int in, int out, int stride) {
      return new Sequential(
          new Block(in, out, stride), new Block(out, out, 1), new Block(out, out, 1));
    }

    @Override
    protected Tensor forward(Tensor pixels) {
      var x = FashionData.normalized(pixels);
      x = bn.call(conv.call(x)).relu();
      x = stage3.call(stage2.call(stage1.call(x)));
      return fc.call(x.mean(2, 3));
    }
  }

  /** Trains the model; see {@code --help}. */
  public static void main(String[] args) {
    Launcher.main(NAME, options(), args, FashionResNet::train);
  }

  static Options options() {
    var own = new LinkedHashMap<String, String>();
    own.put("--data", FashionData.HELP);
    own.put("--rows", "train on the first rows only (default: all 60000)");
    return new Options(NAME, Launcher.options(own));
  }

  static TrainingResult train(SparkSession spark, Options options) {
    var data = FashionData.of(NAME, options);
    var rows = Math.min(60_000, options.count("--rows", 60_000));
    var globalBatch = options.count("--global-batch", 128);
    var epochs = options.count("--epochs", 8);
    var lr = options.real("--lr", 0.2);
    var steps = epochs * ((rows + globalBatch - 1L) / globalBatch);
    var job =
        TrainingJob.builder(spark)
            .model(ResNet20::new)
            .loss(
                (net, batch) ->
                    crossEntropy(
                        net.call(AUGMENT.apply(batch.input("image"))), batch.input("label")))
            .optimizer(
                parameters ->
                    new SGD(
                        parameters,
                        SGD.options().lr(lr).momentum(0.9).nesterov(true).weightDecay(5e-4)))
            .learningRate(
                LearningRate.of(
                    lr,
                    optimizer ->
                        new OneCycleLR(
                            optimizer,
                            OneCycleLR.options().maxLr(lr).totalSteps(steps).cycleMomentum(false))))
            .data(data.train(spark, rows), FashionData.IMAGE, FashionData.LABEL)
            .evaluation(data.test(spark))
            .predict((net, batch) -> net.call(batch.input("image")), "label")
            .evaluateEpochs(true)
            .globalBatch(globalBatch)
            .epochs(epochs);
    return Launcher.configure(job, options).build().run();
  }
}
