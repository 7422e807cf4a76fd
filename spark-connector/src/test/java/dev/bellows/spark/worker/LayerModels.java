package dev.bellows.spark.worker;

import dev.bellows.memory.DType;
import dev.bellows.nn.ConvOptions;
import dev.bellows.nn.FractionalPoolOptions;
import dev.bellows.nn.Module;
import dev.bellows.nn.ModuleList;
import dev.bellows.nn.Parameter;
import dev.bellows.nn.layer.AdaptiveAvgPool1d;
import dev.bellows.nn.layer.AdaptiveAvgPool2d;
import dev.bellows.nn.layer.AdaptiveAvgPool3d;
import dev.bellows.nn.layer.AdaptiveMaxPool1d;
import dev.bellows.nn.layer.AdaptiveMaxPool2d;
import dev.bellows.nn.layer.AdaptiveMaxPool3d;
import dev.bellows.nn.layer.AlphaDropout;
import dev.bellows.nn.layer.AvgPool1d;
import dev.bellows.nn.layer.AvgPool2d;
import dev.bellows.nn.layer.AvgPool3d;
import dev.bellows.nn.layer.BatchNorm1d;
import dev.bellows.nn.layer.BatchNorm2d;
import dev.bellows.nn.layer.BatchNorm3d;
import dev.bellows.nn.layer.Bilinear;
import dev.bellows.nn.layer.CELU;
import dev.bellows.nn.layer.ChannelShuffle;
import dev.bellows.nn.layer.CircularPad1d;
import dev.bellows.nn.layer.CircularPad2d;
import dev.bellows.nn.layer.CircularPad3d;
import dev.bellows.nn.layer.ConstantPad1d;
import dev.bellows.nn.layer.ConstantPad2d;
import dev.bellows.nn.layer.ConstantPad3d;
import dev.bellows.nn.layer.Conv1d;
import dev.bellows.nn.layer.Conv2d;
import dev.bellows.nn.layer.Conv3d;
import dev.bellows.nn.layer.ConvTranspose1d;
import dev.bellows.nn.layer.ConvTranspose2d;
import dev.bellows.nn.layer.ConvTranspose3d;
import dev.bellows.nn.layer.CosineSimilarity;
import dev.bellows.nn.layer.Dropout;
import dev.bellows.nn.layer.Dropout1d;
import dev.bellows.nn.layer.Dropout2d;
import dev.bellows.nn.layer.Dropout3d;
import dev.bellows.nn.layer.ELU;
import dev.bellows.nn.layer.Embedding;
import dev.bellows.nn.layer.EmbeddingBag;
import dev.bellows.nn.layer.FeatureAlphaDropout;
import dev.bellows.nn.layer.Flatten;
import dev.bellows.nn.layer.Fold;
import dev.bellows.nn.layer.FractionalMaxPool2d;
import dev.bellows.nn.layer.FractionalMaxPool3d;
import dev.bellows.nn.layer.GELU;
import dev.bellows.nn.layer.GLU;
import dev.bellows.nn.layer.GRU;
import dev.bellows.nn.layer.GRUCell;
import dev.bellows.nn.layer.GroupNorm;
import dev.bellows.nn.layer.Hardshrink;
import dev.bellows.nn.layer.Hardsigmoid;
import dev.bellows.nn.layer.Hardswish;
import dev.bellows.nn.layer.Hardtanh;
import dev.bellows.nn.layer.Identity;
import dev.bellows.nn.layer.InstanceNorm1d;
import dev.bellows.nn.layer.InstanceNorm2d;
import dev.bellows.nn.layer.InstanceNorm3d;
import dev.bellows.nn.layer.LPPool1d;
import dev.bellows.nn.layer.LPPool2d;
import dev.bellows.nn.layer.LPPool3d;
import dev.bellows.nn.layer.LSTM;
import dev.bellows.nn.layer.LSTMCell;
import dev.bellows.nn.layer.LayerNorm;
import dev.bellows.nn.layer.LeakyReLU;
import dev.bellows.nn.layer.Linear;
import dev.bellows.nn.layer.LocalResponseNorm;
import dev.bellows.nn.layer.LogSigmoid;
import dev.bellows.nn.layer.LogSoftmax;
import dev.bellows.nn.layer.MaxPool1d;
import dev.bellows.nn.layer.MaxPool2d;
import dev.bellows.nn.layer.MaxPool3d;
import dev.bellows.nn.layer.MaxUnpool1d;
import dev.bellows.nn.layer.MaxUnpool2d;
import dev.bellows.nn.layer.MaxUnpool3d;
import dev.bellows.nn.layer.Mish;
import dev.bellows.nn.layer.MultiheadAttention;
import dev.bellows.nn.layer.PReLU;
import dev.bellows.nn.layer.PairwiseDistance;
import dev.bellows.nn.layer.PixelShuffle;
import dev.bellows.nn.layer.PixelUnshuffle;
import dev.bellows.nn.layer.RMSNorm;
import dev.bellows.nn.layer.RNN;
import dev.bellows.nn.layer.RNNCell;
import dev.bellows.nn.layer.RReLU;
import dev.bellows.nn.layer.ReLU;
import dev.bellows.nn.layer.ReLU6;
import dev.bellows.nn.layer.RecurrentOptions;
import dev.bellows.nn.layer.ReflectionPad1d;
import dev.bellows.nn.layer.ReflectionPad2d;
import dev.bellows.nn.layer.ReflectionPad3d;
import dev.bellows.nn.layer.ReplicationPad1d;
import dev.bellows.nn.layer.ReplicationPad2d;
import dev.bellows.nn.layer.ReplicationPad3d;
import dev.bellows.nn.layer.SELU;
import dev.bellows.nn.layer.Sequential;
import dev.bellows.nn.layer.SiLU;
import dev.bellows.nn.layer.Sigmoid;
import dev.bellows.nn.layer.Softmax;
import dev.bellows.nn.layer.Softmax2d;
import dev.bellows.nn.layer.Softmin;
import dev.bellows.nn.layer.Softplus;
import dev.bellows.nn.layer.Softshrink;
import dev.bellows.nn.layer.Softsign;
import dev.bellows.nn.layer.SyncBatchNorm;
import dev.bellows.nn.layer.Tanh;
import dev.bellows.nn.layer.Tanhshrink;
import dev.bellows.nn.layer.Threshold;
import dev.bellows.nn.layer.Transformer;
import dev.bellows.nn.layer.TransformerDecoder;
import dev.bellows.nn.layer.TransformerDecoderLayer;
import dev.bellows.nn.layer.TransformerEncoder;
import dev.bellows.nn.layer.TransformerEncoderLayer;
import dev.bellows.nn.layer.TransformerOptions;
import dev.bellows.nn.layer.Unflatten;
import dev.bellows.nn.layer.Unfold;
import dev.bellows.nn.layer.Upsample;
import dev.bellows.nn.layer.ZeroPad1d;
import dev.bellows.nn.layer.ZeroPad2d;
import dev.bellows.nn.layer.ZeroPad3d;
import dev.bellows.tensor.Tensor;
import dev.bellows.tensor.ValuesAndIndices;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** A tiny model for each family of layers, which has all of them side by side. */
final class LayerModels {
  private final List<Supplier<Module>> layers = new ArrayList<>();
  private final List<Call> calls = new ArrayList<>();
  private final long[] rowShape;

  private LayerModels(long... rowShape) {
    this.rowShape = rowShape;
  }

  /** How a layer is called. */
  @FunctionalInterface
  private interface Call {
    Tensor of(Module layer, Tensor x);
  }

  /**
   * The layers behind a scale, so that every layer passes a gradient on. The result is the sum of a
   * number of each layer.
   */
  private static final class Net extends Module {
    final Parameter scale;
    final ModuleList layers;
    private final List<Call> calls;

    Net(List<Module> layers, List<Call> calls, long features) {
      this.scale = Parameter.of(Tensor.ones(features));
      this.layers = new ModuleList(layers);
      this.calls = calls;
    }

    @Override
    protected Tensor forward(Tensor x) {
      var scaled = x.mul(scale);
      var sum = scaled.mean();
      for (int i = 0; i < calls.size(); i++) {
        var out = calls.get(i).of(layers.get(i), scaled);
        sum = sum.add(out.mul(out).mean()).add(out.mean());
      }
      return sum;
    }
  }

  /** Returns the families. */
  static List<LayerModels> all() {
    return List.of(
        activations(), vectors(), signals(), tokens(), images(), volumes(), patches(), sequences());
  }

  /** Returns a new model. */
  Module model() {
    var made = layers.stream().map(Supplier::get).toList();
    return new Net(made, calls, rowShape[rowShape.length - 1]);
  }

  /** Returns the shape of a row of its input. */
  long[] rowShape() {
    return rowShape;
  }

  private void add(Supplier<Module> layer) {
    add(layer, Module::call);
  }

  private void add(Supplier<Module> layer, Call call) {
    layers.add(layer);
    calls.add(call);
  }

  private static Tensor indices(Tensor x) {
    return x.detach().abs().mul(4).clamp(0, 8).to(DType.INT64);
  }

  private static Tensor unpool(Module layer, ValuesAndIndices pooled) {
    return layer.call(pooled.values(), pooled.indices());
  }

  private static TransformerOptions small() {
    return new TransformerOptions()
        .numEncoderLayers(1)
        .numDecoderLayers(1)
        .dimFeedforward(8)
        .batchFirst(true);
  }

  private static LayerModels activations() {
    var all = new LayerModels(6);
    all.add(() -> new Identity());
    all.add(() -> new Linear(6, 4));
    all.add(() -> new Bilinear(6, 6, 2), (layer, x) -> layer.call(x, x.flip(1)));
    all.add(() -> new CELU());
    all.add(() -> new ELU());
    all.add(() -> new GELU());
    all.add(() -> new GLU());
    all.add(() -> new Hardshrink());
    all.add(() -> new Hardsigmoid());
    all.add(() -> new Hardswish());
    all.add(() -> new Hardtanh());
    all.add(() -> new LeakyReLU());
    all.add(() -> new LogSigmoid());
    all.add(() -> new LogSoftmax(1));
    all.add(() -> new Mish());
    all.add(() -> new PReLU());
    all.add(() -> new RReLU());
    all.add(() -> new ReLU());
    all.add(() -> new ReLU6());
    all.add(() -> new SELU());
    all.add(() -> new SiLU());
    all.add(() -> new Sigmoid());
    all.add(() -> new Softmax(1));
    all.add(() -> new Softmin(1));
    all.add(() -> new Softplus());
    all.add(() -> new Softshrink());
    all.add(() -> new Softsign());
    all.add(() -> new Tanh());
    all.add(() -> new Tanhshrink());
    all.add(() -> new Threshold(0.1, 0.5));
    return all;
  }

  private static LayerModels vectors() {
    var all = new LayerModels(6);
    all.add(() -> new Dropout(0.3));
    all.add(() -> new AlphaDropout(0.3));
    all.add(() -> new FeatureAlphaDropout(0.3));
    all.add(() -> new CosineSimilarity(), (layer, x) -> layer.call(x, x.flip(1)));
    all.add(() -> new PairwiseDistance(), (layer, x) -> layer.call(x, x.flip(1)));
    all.add(() -> new LayerNorm(6));
    all.add(() -> new RMSNorm(6));
    all.add(() -> new BatchNorm1d(6));
    all.add(() -> new Unflatten(1, 2, 3));
    all.add(() -> new LSTMCell(6, 3));
    all.add(() -> new GRUCell(6, 3));
    all.add(() -> new RNNCell(6, 3));
    return all;
  }

  private static LayerModels signals() {
    var all = new LayerModels(4, 6);
    all.add(() -> new Flatten());
    all.add(() -> new AdaptiveAvgPool1d(3));
    all.add(() -> new AdaptiveMaxPool1d(3));
    all.add(() -> new AvgPool1d(2));
    all.add(() -> new MaxPool1d(2));
    all.add(() -> new LPPool1d(2, 2));
    all.add(() -> new Conv1d(4, 3, 3));
    all.add(() -> new ConvTranspose1d(4, 3, 3));
    all.add(() -> new BatchNorm1d(4));
    all.add(
        () -> new InstanceNorm1d(4, InstanceNorm1d.options().affine(true).trackRunningStats(true)));
    all.add(() -> new GroupNorm(2, 4));
    all.add(() -> new Dropout1d(0.3));
    all.add(() -> new CircularPad1d(1));
    all.add(() -> new ConstantPad1d(1, 0.5));
    all.add(() -> new ReflectionPad1d(1));
    all.add(() -> new ReplicationPad1d(1));
    all.add(() -> new ZeroPad1d(1));
    all.add(() -> new Upsample(2.0));
    all.add(
        () -> new MaxUnpool1d(2), (layer, x) -> unpool(layer, new MaxPool1d(2).callWithIndices(x)));
    return all;
  }

  private static LayerModels tokens() {
    var all = new LayerModels(5);
    all.add(() -> new Embedding(9, 3), (layer, x) -> layer.call(indices(x)));
    all.add(() -> new EmbeddingBag(9, 3), (layer, x) -> layer.call(indices(x)));
    return all;
  }

  private static LayerModels images() {
    var all = new LayerModels(4, 6, 6);
    all.add(() -> new AdaptiveAvgPool2d(3));
    all.add(() -> new AdaptiveMaxPool2d(3));
    all.add(() -> new AvgPool2d(2));
    all.add(() -> new MaxPool2d(2));
    all.add(() -> new LPPool2d(2, 2));
    all.add(() -> new FractionalMaxPool2d(2, new FractionalPoolOptions().outputSize(3)));
    all.add(() -> new Conv2d(4, 3, 3));
    all.add(() -> new ConvTranspose2d(4, 3, 3));
    all.add(() -> new BatchNorm2d(4));
    all.add(() -> new InstanceNorm2d(4));
    all.add(() -> new LocalResponseNorm(2));
    all.add(() -> new Dropout2d(0.3));
    all.add(() -> new CircularPad2d(1));
    all.add(() -> new ConstantPad2d(1, 0.5));
    all.add(() -> new ReflectionPad2d(1));
    all.add(() -> new ReplicationPad2d(1));
    all.add(() -> new ZeroPad2d(1));
    all.add(() -> new PixelShuffle(2));
    all.add(() -> new PixelUnshuffle(2));
    all.add(() -> new ChannelShuffle(2));
    all.add(() -> new Softmax2d());
    all.add(() -> new Unfold(2, new ConvOptions()));
    all.add(
        () -> new MaxUnpool2d(2), (layer, x) -> unpool(layer, new MaxPool2d(2).callWithIndices(x)));
    return all;
  }

  private static LayerModels volumes() {
    var all = new LayerModels(2, 4, 4, 4);
    all.add(() -> new AdaptiveAvgPool3d(2));
    all.add(() -> new AdaptiveMaxPool3d(2));
    all.add(() -> new AvgPool3d(2));
    all.add(() -> new MaxPool3d(2));
    all.add(() -> new LPPool3d(2, 2));
    all.add(() -> new FractionalMaxPool3d(2, new FractionalPoolOptions().outputSize(2)));
    all.add(() -> new Conv3d(2, 3, 2));
    all.add(() -> new ConvTranspose3d(2, 3, 2));
    all.add(() -> new BatchNorm3d(2));
    all.add(() -> new SyncBatchNorm(2));
    all.add(() -> new InstanceNorm3d(2));
    all.add(() -> new Dropout3d(0.3));
    all.add(() -> new CircularPad3d(1));
    all.add(() -> new ConstantPad3d(1, 0.5));
    all.add(() -> new ReflectionPad3d(1));
    all.add(() -> new ReplicationPad3d(1));
    all.add(() -> new ZeroPad3d(1));
    all.add(
        () -> new MaxUnpool3d(2), (layer, x) -> unpool(layer, new MaxPool3d(2).callWithIndices(x)));
    return all;
  }

  private static LayerModels patches() {
    var all = new LayerModels(8, 9);
    all.add(() -> new Fold(4, 2, new ConvOptions()));
    return all;
  }

  private static LayerModels sequences() {
    var all = new LayerModels(5, 6);
    all.add(
        () ->
            new LSTM(
                6,
                3,
                new RecurrentOptions()
                    .numLayers(2)
                    .bidirectional(true)
                    .dropout(0.2)
                    .batchFirst(true)));
    all.add(() -> new GRU(6, 3, new RecurrentOptions().batchFirst(true)));
    all.add(() -> new RNN(6, 3, new RecurrentOptions().batchFirst(true)));
    all.add(
        () ->
            new MultiheadAttention(
                6, 2, MultiheadAttention.options().batchFirst(true).dropout(0.1)),
        (layer, x) -> layer.call(x, x, x));
    all.add(() -> new TransformerEncoder(new TransformerEncoderLayer(6, 2, small()), 2));
    all.add(
        () -> new TransformerDecoder(new TransformerDecoderLayer(6, 2, small()), 2),
        (layer, x) -> layer.call(x, x.mul(0.5)));
    all.add(() -> new Transformer(6, 2, small()), (layer, x) -> layer.call(x, x.mul(0.5)));
    all.add(() -> new Sequential(new Linear(6, 6), new ReLU()));
    return all;
  }
}
