package dev.bellows.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.bellows.memory.DType;
import dev.bellows.nn.loss.BCELoss;
import dev.bellows.nn.loss.BCEWithLogitsLoss;
import dev.bellows.nn.loss.CTCLoss;
import dev.bellows.nn.loss.CosineEmbeddingLoss;
import dev.bellows.nn.loss.CrossEntropyLoss;
import dev.bellows.nn.loss.GaussianNLLLoss;
import dev.bellows.nn.loss.HingeEmbeddingLoss;
import dev.bellows.nn.loss.HuberLoss;
import dev.bellows.nn.loss.KLDivLoss;
import dev.bellows.nn.loss.L1Loss;
import dev.bellows.nn.loss.MSELoss;
import dev.bellows.nn.loss.MarginRankingLoss;
import dev.bellows.nn.loss.MultiLabelMarginLoss;
import dev.bellows.nn.loss.MultiLabelSoftMarginLoss;
import dev.bellows.nn.loss.MultiMarginLoss;
import dev.bellows.nn.loss.NLLLoss;
import dev.bellows.nn.loss.PoissonNLLLoss;
import dev.bellows.nn.loss.SmoothL1Loss;
import dev.bellows.nn.loss.SoftMarginLoss;
import dev.bellows.nn.loss.TripletMarginLoss;
import dev.bellows.nn.loss.TripletMarginWithDistanceLoss;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Losses as layers, whose functions the oracle compares. */
@Timeout(60)
class LossLayersTest {
  private static final Tensor X = Tensor.of(new float[] {0.5f, -1, 2, 0.25f, 0, -0.5f}, 2, 3);
  private static final Tensor Y = Tensor.of(new float[] {1, 0, 0.5f, 0.25f, 1, 0}, 2, 3);
  private static final Tensor LABELS = Tensor.of(new long[] {2, 0});

  private static void same(Tensor layer, Tensor function) {
    assertThat(layer.toFloatArray()).isEqualTo(function.toFloatArray());
  }

  @Test
  void layersCallTheirFunctions() {
    same(new MSELoss().call(X, Y), Functional.mseLoss(X, Y));
    same(new L1Loss(Reduction.SUM).call(X, Y), Functional.l1Loss(X, Y, Reduction.SUM));
    same(new SmoothL1Loss().call(X, Y), Functional.smoothL1Loss(X, Y));
    same(new HuberLoss().call(X, Y), Functional.huberLoss(X, Y));
    same(new BCELoss().call(Y, Y), Functional.binaryCrossEntropy(Y, Y));
    same(new BCEWithLogitsLoss().call(X, Y), Functional.binaryCrossEntropyWithLogits(X, Y));
    same(new KLDivLoss().call(X, Y), Functional.klDiv(X, Y));
    same(new PoissonNLLLoss().call(X, Y), Functional.poissonNllLoss(X, Y));
    Tensor var = Tensor.full(0.5, DType.FLOAT32, 2, 1);
    same(new GaussianNLLLoss().call(X, Y, var), Functional.gaussianNllLoss(X, Y, var));
    same(new HingeEmbeddingLoss().call(X, Y), Functional.hingeEmbeddingLoss(X, Y));
    same(new SoftMarginLoss().call(X, Y), Functional.softMarginLoss(X, Y));
    same(new MarginRankingLoss().call(X, Y, Y), Functional.marginRankingLoss(X, Y, Y));
    same(new MultiMarginLoss().call(X, LABELS), Functional.multiMarginLoss(X, LABELS));
    same(new MultiLabelSoftMarginLoss().call(X, Y), Functional.multilabelSoftMarginLoss(X, Y));
    Tensor sets = Tensor.of(new long[] {2, 0, -1, 1, -1, 0}, 2, 3);
    same(new MultiLabelMarginLoss().call(X, sets), Functional.multilabelMarginLoss(X, sets));
    Tensor signs = Tensor.of(new float[] {1, -1});
    same(new CosineEmbeddingLoss().call(X, Y, signs), Functional.cosineEmbeddingLoss(X, Y, signs));
    same(new TripletMarginLoss().call(X, Y, X), Functional.tripletMarginLoss(X, Y, X));
    Tensor each =
        Functional.tripletMarginLoss(
            X, Y, X, TripletMarginArgs.create().margin(3).reduction(Reduction.NONE));
    assertThat(each.mean().item())
        .isCloseTo(Functional.tripletMarginLoss(X, Y, X, 3).item(), within(1e-6));
    same(
        new TripletMarginLoss(Reduction.SUM).call(X, Y, X),
        Functional.tripletMarginLoss(X, Y, X, TripletMarginArgs.create().reduction(Reduction.SUM)));
    PoissonNllArgs poisson = PoissonNllArgs.create().full(true).logInput(false);
    same(new PoissonNLLLoss(poisson).call(Y, Y), Functional.poissonNllLoss(Y, Y, poisson));
    GaussianNllArgs gaussian = GaussianNllArgs.create().full(true).eps(1);
    same(
        new GaussianNLLLoss(gaussian).call(X, Y, var),
        Functional.gaussianNllLoss(X, Y, var, gaussian));
    same(new TripletMarginWithDistanceLoss().call(X, Y, X), Functional.tripletMarginLoss(X, Y, X));
    same(new NLLLoss().call(X, LABELS), Functional.nllLoss(X, LABELS));
    same(new CrossEntropyLoss().call(X, LABELS), Functional.crossEntropy(X, LABELS));
    Tensor weight = Tensor.of(new float[] {1, 2, 3});
    CrossEntropyLoss weighted = new CrossEntropyLoss(weight, -100, 0, Reduction.MEAN);
    assertThat(weighted.stateDict().keys()).containsExactly("weight");
    assertThat(new BCEWithLogitsLoss(null, weight, Reduction.MEAN).stateDict().keys())
        .containsExactly("pos_weight");
  }

  @Test
  void ctcByEnumeration() {
    // two steps, label 1, blank 0: paths 01, 10, 11
    Tensor logits = Tensor.randn(new Generator(2), DType.FLOAT64, 2, 3);
    Tensor p = logits.softmax(-1);
    double[] a = p.toDoubleArray();
    double wanted = -Math.log(a[0] * a[4] + a[1] * a[3] + a[1] * a[4]);
    Tensor targets = Tensor.of(new long[] {1});
    Tensor loss =
        new CTCLoss().call(p.log(), targets, Tensor.of(new long[] {2}), Tensor.of(new long[] {1}));
    assertThat(loss.shape()).isEmpty();
    assertThat(loss.item()).isCloseTo(wanted, within(1e-12));
    Tensor twice = Tensor.of(new long[] {1, 1});
    assertThat(Functional.ctcLoss(p.log(), twice, new long[] {2}, new long[] {2}).item())
        .isInfinite(); // equal labels need a blank between
    CtcArgs zero = CtcArgs.create().zeroInfinity(true);
    assertThat(Functional.ctcLoss(p.log(), twice, new long[] {2}, new long[] {2}, zero).item())
        .isZero();
  }

  @Test
  void bordersOfProbabilities() {
    Tensor x = Tensor.of(new float[] {0, 1, 0, 1}).setRequiresGrad(true);
    Tensor y = Tensor.of(new float[] {0, 1, 1, 0});
    Tensor loss = Functional.binaryCrossEntropy(x, y, null, Reduction.NONE);
    assertThat(loss.detach().abs().toFloatArray()).containsExactly(0, 0, 100, 100);
    loss.sum().backward();
    assertThat(x.grad().isfinite().all().item()).isEqualTo(1);
  }

  @Test
  void errors() {
    assertThatThrownBy(() -> Functional.binaryCrossEntropy(X, Y))
        .hasMessageContaining("all elements of input should be between 0 and 1");
    assertThatThrownBy(() -> Functional.binaryCrossEntropyWithLogits(X, LABELS))
        .hasMessageContaining("Target size ([2]) must be the same as input size ([2, 3])");
    assertThatThrownBy(() -> Functional.mseLoss(X, Y, Reduction.BATCH_MEAN))
        .hasMessageContaining("batchmean is not a valid value for reduction");
    assertThatThrownBy(() -> Functional.huberLoss(X, Y, Reduction.MEAN, 0))
        .hasMessageContaining("non-positive values for delta");
    assertThatThrownBy(() -> Functional.smoothL1Loss(X, Y, Reduction.MEAN, -1))
        .hasMessageContaining("negative values for beta");
    assertThatThrownBy(() -> Functional.l1Loss(X, LABELS)).hasMessageContaining("one shape");
    assertThatThrownBy(() -> Functional.multiMarginLoss(X, LABELS, 3))
        .hasMessageContaining("only p == 1 and p == 2 supported");
    assertThatThrownBy(() -> Functional.tripletMarginLoss(X, Y, X, 0))
        .hasMessageContaining("margin must be greater than 0, got 0.0");
    assertThatThrownBy(
            () ->
                Functional.gaussianNllLoss(
                    X, Y, Tensor.ones(2, 1), GaussianNllArgs.create().eps(0)))
        .hasMessageContaining("eps must be positive; got 0.0");
    assertThatThrownBy(() -> Functional.gaussianNllLoss(X, Y, Tensor.ones(5)))
        .hasMessageContaining("var is of incorrect size");
    assertThatThrownBy(() -> Functional.gaussianNllLoss(X, Y, Tensor.ones(2, 1).neg()))
        .hasMessageContaining("var has negative entry/entries");
    assertThatThrownBy(
            () ->
                Functional.crossEntropy(
                    X, LABELS, CrossEntropyArgs.create().weight(Tensor.ones(2))))
        .hasMessageContaining("either for all 3 classes or no classes");
    Tensor p = Tensor.zeros(2, 3);
    assertThatThrownBy(() -> Functional.ctcLoss(p, LABELS, new long[] {3}, new long[] {2}))
        .hasMessageContaining("Expected input_lengths to have values from 1 to 2; got [3]");
    assertThatThrownBy(() -> Functional.ctcLoss(p, LABELS, new long[] {2, 2}, new long[] {2, 1}))
        .hasMessageContaining("must be of size 1, the batch size");
    assertThatThrownBy(() -> Functional.ctcLoss(p, LABELS, new long[] {2}, new long[] {2}))
        .hasMessageContaining("labels must be in [0, 3) and not the blank 0; got 0");
  }
}
