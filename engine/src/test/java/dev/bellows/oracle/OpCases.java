package dev.bellows.oracle;

import static dev.bellows.oracle.LibtorchOpsTest.first;

import dev.bellows.backend.Conv2dArgs;
import dev.bellows.backend.Pool2dArgs;
import dev.bellows.memory.DType;
import dev.bellows.nn.Functional;
import dev.bellows.nn.Reduction;
import dev.bellows.ops.Functions;
import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Random calls of one operation on both sides. */
final class OpCases {
  private OpCases() {}

  /** One call; inputs are uniform in [low, high). */
  record Case(
      String name,
      List<long[]> shapes,
      double low,
      double high,
      Function<Tensor[], Tensor> ours,
      Function<org.bytedeco.pytorch.Tensor[], org.bytedeco.pytorch.Tensor> theirs) {}

  private static final int FAMILIES = 14;

  static Case of(int number, Random r) {
    return switch (number % FAMILIES) {
      case 0 -> unary(r);
      case 1 -> binary(r);
      case 2 -> scalar(r);
      case 3 -> inPlace(r);
      case 4 -> reduction(r);
      case 5 -> matmul(r);
      case 6 -> softmax(r);
      case 7 -> views(r);
      case 8 -> joined(r);
      case 9 -> indexed(r);
      case 10 -> convolution(r);
      case 11 -> pooling(r);
      case 12 -> linear(r);
      default -> r.nextBoolean() ? chosen(r) : crossEntropy(r);
    };
  }

  private static long[] shape(Random r, int dims) {
    long[] shape = new long[dims];
    for (int d = 0; d < dims; d++) {
      shape[d] = r.nextInt(8) == 0 ? 1 + r.nextInt(40) : 1 + r.nextInt(6);
    }
    return shape;
  }

  private static Case one(
      String name,
      Random r,
      double low,
      Function<Tensor, Tensor> ours,
      Function<org.bytedeco.pytorch.Tensor, org.bytedeco.pytorch.Tensor> theirs) {
    long[] shape = shape(r, r.nextInt(5));
    return new Case(
        name + Arrays.toString(shape), List.of(shape), low, 3, first(ours), first(theirs));
  }

  private static Case unary(Random r) {
    return switch (r.nextInt(12)) {
      case 0 -> one("neg", r, -3, Tensor::neg, torch::neg);
      case 1 -> one("abs", r, -3, Tensor::abs, torch::abs);
      case 2 -> one("exp", r, -3, Tensor::exp, torch::exp);
      case 3 -> one("log", r, 0.1, Tensor::log, torch::log);
      case 4 -> one("sqrt", r, 0.1, Tensor::sqrt, torch::sqrt);
      case 5 -> one("reciprocal", r, 0.1, Tensor::reciprocal, torch::reciprocal);
      case 6 -> one("tanh", r, -3, Tensor::tanh, torch::tanh);
      case 7 -> one("sigmoid", r, -3, Tensor::sigmoid, torch::sigmoid);
      case 8 -> one("sin", r, -3, Tensor::sin, torch::sin);
      case 9 -> one("cos", r, -3, Tensor::cos, torch::cos);
      case 10 -> one("relu", r, -3, Tensor::relu, torch::relu);
      default -> one("sign", r, -3, Tensor::sign, torch::sign);
    };
  }

  /** Two shapes that broadcast: dimensions set to 1 and leading ones left out. */
  private static List<long[]> broadcastable(Random r) {
    long[] full = shape(r, r.nextInt(5));
    List<long[]> out = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      long[] each = Arrays.copyOfRange(full, r.nextInt(full.length + 1) / 2, full.length);
      for (int d = 0; d < each.length; d++) {
        each[d] = r.nextInt(4) == 0 ? 1 : each[d];
      }
      out.add(each);
    }
    return out;
  }

  private static String text(List<long[]> shapes) {
    return shapes.stream().map(Arrays::toString).toList().toString();
  }

  private static Case binary(Random r) {
    List<long[]> s = broadcastable(r);
    return switch (r.nextInt(7)) {
      case 0 -> new Case("add" + text(s), s, -2, 2, x -> x[0].add(x[1]), x -> x[0].add(x[1]));
      case 1 -> new Case("sub" + text(s), s, -2, 2, x -> x[0].sub(x[1]), x -> x[0].sub(x[1]));
      case 2 -> new Case("mul" + text(s), s, -2, 2, x -> x[0].mul(x[1]), x -> x[0].mul(x[1]));
      case 3 -> new Case("div" + text(s), s, 0.2, 2, x -> x[0].div(x[1]), x -> x[0].div(x[1]));
      case 4 -> new Case("pow" + text(s), s, 0.2, 2, x -> x[0].pow(x[1]), x -> x[0].pow(x[1]));
      case 5 ->
          new Case("maximum" + text(s), s, -2, 2, x -> x[0].maximum(x[1]), x -> x[0].maximum(x[1]));
      default ->
          new Case("minimum" + text(s), s, -2, 2, x -> x[0].minimum(x[1]), x -> x[0].minimum(x[1]));
    };
  }

  private static Case scalar(Random r) {
    double c = new double[] {-2, -0.75, 0, 1, 0.5, 3}[r.nextInt(6)];
    double divisor = c == 0 ? 4 : c;
    return switch (r.nextInt(8)) {
      case 0 -> one("add " + c, r, -2, x -> x.add(c), x -> x.add(new Scalar(c)));
      case 1 -> one("sub " + c, r, -2, x -> x.sub(c), x -> x.sub(new Scalar(c)));
      case 2 -> one("mul " + c, r, -2, x -> x.mul(c), x -> x.mul(new Scalar(c)));
      case 3 -> one("div " + divisor, r, -2, x -> x.div(divisor), x -> x.div(new Scalar(divisor)));
      case 4 -> one("pow " + c, r, 0.2, x -> x.pow(c), x -> x.pow(new Scalar(c)));
      case 5 -> one("gt " + c, r, -2, x -> x.gt(c), x -> x.gt(new Scalar(c)));
      case 6 ->
          one("maximum " + c, r, -2, x -> x.maximum(c), x -> torch.clamp_min(x, new Scalar(c)));
      default ->
          one("minimum " + c, r, -2, x -> x.minimum(c), x -> torch.clamp_max(x, new Scalar(c)));
    };
  }

  private static Case inPlace(Random r) {
    long[] full = shape(r, 1 + r.nextInt(3));
    long[] other = Arrays.copyOfRange(full, r.nextInt(full.length + 1), full.length);
    List<long[]> s = List.of(full, other);
    String t = text(s);
    return switch (r.nextInt(6)) {
      case 0 ->
          new Case(
              "add_" + t,
              s,
              -2,
              2,
              x -> x[0].mul(2).add_(x[1]),
              x -> x[0].mul(new Scalar(2.0)).add_(x[1]));
      case 1 ->
          new Case(
              "sub_" + t,
              s,
              -2,
              2,
              x -> x[0].mul(2).sub_(x[1]),
              x -> x[0].mul(new Scalar(2.0)).sub_(x[1]));
      case 2 ->
          new Case(
              "mul_" + t,
              s,
              -2,
              2,
              x -> x[0].add(2).mul_(x[1].detach()),
              x -> x[0].add(new Scalar(2.0)).mul_(x[1].detach()));
      case 3 ->
          new Case(
              "div_" + t,
              s,
              0.5,
              2,
              x -> x[0].add(2).div_(x[1].detach()),
              x -> x[0].add(new Scalar(2.0)).div_(x[1].detach()));
      case 4 ->
          new Case(
              "copy_" + t,
              s,
              -2,
              2,
              x -> x[0].mul(2).copy_(x[1]),
              x -> x[0].mul(new Scalar(2.0)).copy_(x[1]));
      default ->
          new Case(
              "in-place chain" + t,
              s,
              -2,
              2,
              x -> x[0].mul(2).add_(x[1], 0.5).mul_(3).sub_(1).sin().add_(2),
              x ->
                  x[0].mul(new Scalar(2.0))
                      .add_(x[1], new Scalar(0.5))
                      .mul_(new Scalar(3.0))
                      .sub_(new Scalar(1.0))
                      .sin()
                      .add_(new Scalar(2.0)));
    };
  }

  private static Case reduction(Random r) {
    long[] shape = shape(r, 1 + r.nextInt(4));
    List<Integer> all = new ArrayList<>(IntStream.range(0, shape.length).boxed().toList());
    Collections.shuffle(all, r);
    int count = 1 + r.nextInt(shape.length);
    int[] dims = new int[count];
    for (int i = 0; i < count; i++) {
      dims[i] = all.get(i) - (r.nextBoolean() ? shape.length : 0);
    }
    long[] wide = Arrays.stream(dims).asLongStream().toArray();
    boolean keep = r.nextBoolean();
    String t = Arrays.toString(shape) + " dims " + Arrays.toString(dims) + " keep " + keep;
    List<long[]> s = List.of(shape);
    return switch (r.nextInt(7)) {
      case 0 ->
          new Case(
              "sum" + t,
              s,
              -2,
              2,
              x -> x[0].sum(keep, dims),
              x -> x[0].sum(wide, keep, new ScalarTypeOptional()));
      case 1 ->
          new Case(
              "mean" + t,
              s,
              -2,
              2,
              x -> x[0].mean(keep, dims),
              x -> x[0].mean(wide, keep, new ScalarTypeOptional()));
      case 2 ->
          new Case(
              "amax" + t, s, -2, 2, x -> x[0].amax(keep, dims), x -> torch.amax(x[0], wide, keep));
      case 3 ->
          new Case(
              "amin" + t, s, -2, 2, x -> x[0].amin(keep, dims), x -> torch.amin(x[0], wide, keep));
      case 4 ->
          new Case(
              "argmax" + t,
              s,
              -2,
              2,
              x -> x[0].argmax(dims[0], keep),
              x -> torch.argmax(x[0], new LongOptional(dims[0]), keep));
      case 5 ->
          new Case(
              "argmin" + t,
              s,
              -2,
              2,
              x -> x[0].argmin(dims[0], keep),
              x -> torch.argmin(x[0], new LongOptional(dims[0]), keep));
      default -> new Case("mean all" + t, s, -2, 2, x -> x[0].mean(), x -> x[0].mean());
    };
  }

  private static Case matmul(Random r) {
    long m = 1 + r.nextInt(20);
    long k = 1 + r.nextInt(20);
    long n = 1 + r.nextInt(20);
    long b = 1 + r.nextInt(4);
    long c = 1 + r.nextInt(3);
    long[][][] forms = {
      {{m, k}, {k, n}},
      {{k}, {k}},
      {{m, k}, {k}},
      {{k}, {k, n}},
      {{b, m, k}, {b, k, n}},
      {{b, m, k}, {k, n}},
      {{m, k}, {b, k, n}},
      {{c, 1, m, k}, {b, k, n}},
      {{b, m, k}, {k}},
      {{k}, {b, k, n}},
      {{c, b, m, k}, {c, b, k, n}}
    };
    List<long[]> s = List.of(forms[r.nextInt(forms.length)]);
    return new Case(
        "matmul" + text(s), s, -1, 1, x -> x[0].matmul(x[1]), x -> torch.matmul(x[0], x[1]));
  }

  private static Case softmax(Random r) {
    long[] shape = shape(r, 1 + r.nextInt(4));
    int dim = r.nextInt(2 * shape.length) - shape.length;
    String t = Arrays.toString(shape) + " dim " + dim;
    return r.nextBoolean()
        ? new Case(
            "softmax" + t, List.of(shape), -5, 5, x -> x[0].softmax(dim), x -> x[0].softmax(dim))
        : new Case(
            "logSoftmax" + t,
            List.of(shape),
            -5,
            5,
            x -> x[0].logSoftmax(dim),
            x -> x[0].log_softmax(dim));
  }

  /** Up to five views one on the other, with a product at the end so that strides are read. */
  private static Case views(Random r) {
    long[] start = shape(r, 1 + r.nextInt(3));
    Function<Tensor, Tensor> ours = x -> x;
    Function<org.bytedeco.pytorch.Tensor, org.bytedeco.pytorch.Tensor> theirs = x -> x;
    long[] shape = start;
    StringBuilder name = new StringBuilder("views" + Arrays.toString(start));
    int steps = 1 + r.nextInt(5);
    for (int i = 0; i < steps; i++) {
      int d = r.nextInt(shape.length);
      long size = shape[d];
      switch (r.nextInt(7)) {
        case 0:
          int e = r.nextInt(shape.length);
          ours = ours.andThen(x -> x.transpose(d, e));
          theirs = theirs.andThen(x -> x.transpose(d, e));
          long[] swapped = shape.clone();
          swapped[d] = shape[e];
          swapped[e] = shape[d];
          shape = swapped;
          name.append(" transpose ").append(d).append(' ').append(e);
          break;
        case 1:
          long from = r.nextInt((int) size);
          long length = 1 + r.nextInt((int) (size - from));
          ours = ours.andThen(x -> x.narrow(d, from, length));
          theirs = theirs.andThen(x -> x.narrow(d, from, length));
          shape = shape.clone();
          shape[d] = length;
          name.append(" narrow ").append(d).append(' ').append(from).append(' ').append(length);
          break;
        case 2:
          long step = 1 + r.nextInt(3);
          ours = ours.andThen(x -> x.slice(d, -size, Long.MAX_VALUE, step));
          theirs =
              theirs.andThen(x -> x.slice(d, new LongOptional(-size), new LongOptional(), step));
          shape = shape.clone();
          shape[d] = (size + step - 1) / step;
          name.append(" slice ").append(d).append(' ').append(step);
          break;
        case 3:
          ours = ours.andThen(x -> x.unsqueeze(d));
          theirs = theirs.andThen(x -> x.unsqueeze(d));
          long[] longer = new long[shape.length + 1];
          for (int j = 0; j < longer.length; j++) {
            longer[j] = j == d ? 1 : shape[j < d ? j : j - 1];
          }
          shape = longer;
          name.append(" unsqueeze ").append(d);
          break;
        case 4:
          long[] flat = {Arrays.stream(shape).reduce(1, (a, b) -> a * b)};
          ours = ours.andThen(x -> x.reshape(-1));
          theirs = theirs.andThen(x -> x.reshape(-1));
          shape = flat;
          name.append(" reshape -1");
          break;
        case 5:
          if (shape.length > 1) {
            long index = r.nextInt((int) size) - (r.nextBoolean() ? size : 0);
            ours = ours.andThen(x -> x.select(d, index));
            theirs = theirs.andThen(x -> x.select(d, index));
            long[] shorter = new long[shape.length - 1];
            for (int j = 0; j < shorter.length; j++) {
              shorter[j] = shape[j < d ? j : j + 1];
            }
            shape = shorter;
            name.append(" select ").append(d).append(' ').append(index);
          }
          break;
        default:
          long[] larger = new long[shape.length + 1];
          larger[0] = 3;
          for (int j = 0; j < shape.length; j++) {
            larger[j + 1] = shape[j] == 1 ? 2 : shape[j];
          }
          ours = ours.andThen(x -> x.expand(larger));
          theirs = theirs.andThen(x -> x.expand(larger));
          shape = larger;
          name.append(" expand ").append(Arrays.toString(larger));
      }
    }
    return new Case(
        name.toString(),
        List.of(start),
        -2,
        2,
        first(ours.andThen(x -> x.mul(x))),
        first(theirs.andThen(x -> x.mul(x))));
  }

  private static Case joined(Random r) {
    long[] shape = shape(r, 1 + r.nextInt(3));
    int dim = r.nextInt(shape.length);
    boolean stack = r.nextBoolean();
    List<long[]> s = new ArrayList<>();
    int count = 1 + r.nextInt(4);
    for (int i = 0; i < count; i++) {
      long[] each = shape.clone();
      each[dim] = stack ? each[dim] : r.nextInt(4);
      s.add(each);
    }
    return new Case(
        (stack ? "stack" : "cat") + text(s) + " dim " + dim,
        s,
        -2,
        2,
        x -> stack ? Tensor.stack(List.of(x), dim) : Tensor.cat(List.of(x), dim),
        x -> stack ? torch.stack(new TensorVector(x), dim) : torch.cat(new TensorVector(x), dim));
  }

  private static Case indexed(Random r) {
    long[] shape = shape(r, 1 + r.nextInt(3));
    int dim = r.nextInt(shape.length);
    long[] at = shape.clone();
    for (int d = 0; d < at.length; d++) {
      at[d] = d == dim ? 1 + r.nextInt(7) : 1 + r.nextInt((int) shape[d]);
    }
    double[] index = indices(r, (int) Arrays.stream(at).reduce(1, (a, b) -> a * b), shape[dim]);
    double[] rows = indices(r, 5, shape[dim]);
    String t = Arrays.toString(shape) + " dim " + dim + " index " + Arrays.toString(at);
    return switch (r.nextInt(3)) {
      case 0 ->
          new Case(
              "gather" + t,
              List.of(shape),
              -2,
              2,
              x -> x[0].gather(dim, Tensor.of(index, at).to(DType.INT64)),
              x -> x[0].gather(dim, Torch.of(DType.INT64, index, at)));
      case 1 ->
          new Case(
              "scatterAdd" + t,
              List.of(shape, at),
              -2,
              2,
              x -> x[0].scatterAdd(dim, Tensor.of(index, at).to(DType.INT64), x[1]),
              x -> x[0].scatter_add(dim, Torch.of(DType.INT64, index, at), x[1]));
      default ->
          new Case(
              "indexSelect" + t,
              List.of(shape),
              -2,
              2,
              x -> x[0].indexSelect(dim, Tensor.of(rows).to(DType.INT64)),
              x -> x[0].index_select(dim, Torch.of(DType.INT64, rows, 5)));
    };
  }

  private static double[] indices(Random r, int n, long end) {
    double[] index = new double[n];
    for (int i = 0; i < n; i++) {
      index[i] = r.nextInt((int) end);
    }
    return index;
  }

  private static Case convolution(Random r) {
    int groups = 1 + r.nextInt(3);
    long n = 1 + r.nextInt(3);
    long c = groups * (1L + r.nextInt(4));
    long o = groups * (1L + r.nextInt(5));
    int kh = 1 + r.nextInt(3);
    int kw = 1 + r.nextInt(3);
    Conv2dArgs a =
        new Conv2dArgs(
            1 + r.nextInt(2),
            1 + r.nextInt(3),
            r.nextInt(3),
            r.nextInt(3),
            1 + r.nextInt(2),
            1 + r.nextInt(2),
            groups);
    long[] x = {n, c, 5 + r.nextInt(6), 5 + r.nextInt(6)};
    List<long[]> s = new ArrayList<>(List.of(x, new long[] {o, c / groups, kh, kw}));
    boolean bias = r.nextBoolean();
    if (bias) {
      s.add(new long[] {o});
    }
    return new Case(
        "conv2d" + text(s) + " " + a,
        s,
        -1,
        1,
        in -> Functions.conv2d(in[0], in[1], bias ? in[2] : null, a),
        in ->
            torch.conv2d(
                in[0],
                in[1],
                bias ? new TensorOptional(in[2]) : new TensorOptional(),
                new long[] {a.strideH(), a.strideW()},
                new long[] {a.padH(), a.padW()},
                new long[] {a.dilationH(), a.dilationW()},
                groups));
  }

  private static Case pooling(Random r) {
    int kh = 1 + r.nextInt(3);
    int kw = 1 + r.nextInt(3);
    Pool2dArgs a =
        new Pool2dArgs(
            kh,
            kw,
            1 + r.nextInt(3),
            1 + r.nextInt(3),
            r.nextInt(kh / 2 + 1),
            r.nextInt(kw / 2 + 1));
    List<long[]> s =
        List.of(
            new long[] {1 + r.nextInt(3), 1 + r.nextInt(20), 4 + r.nextInt(6), 4 + r.nextInt(6)});
    return new Case(
        "maxPool2d" + text(s) + " " + a,
        s,
        -1,
        1,
        x -> Functions.maxPool2d(x[0], a),
        x ->
            torch.max_pool2d(
                x[0],
                new long[] {kh, kw},
                new long[] {a.strideH(), a.strideW()},
                new long[] {a.padH(), a.padW()},
                new long[] {1, 1},
                false));
  }

  private static Case linear(Random r) {
    long[] x = shape(r, 1 + r.nextInt(3));
    long out = 1 + r.nextInt(20);
    boolean bias = r.nextBoolean();
    List<long[]> s = new ArrayList<>(List.of(x, new long[] {out, x[x.length - 1]}));
    if (bias) {
      s.add(new long[] {out});
    }
    return new Case(
        "linear" + text(s),
        s,
        -1,
        1,
        in -> Functions.linear(in[0], in[1], bias ? in[2] : null),
        in -> torch.linear(in[0], in[1], bias ? new TensorOptional(in[2]) : new TensorOptional()));
  }

  private static Case chosen(Random r) {
    List<long[]> s = broadcastable(r);
    return new Case(
        "where" + text(s),
        s,
        -2,
        2,
        x -> Tensor.where(x[0].gt(x[1]), x[0], x[1].mul(2)),
        x -> torch.where(x[0].gt(x[1]), x[0], x[1].mul(new Scalar(2.0))));
  }

  private static Case crossEntropy(Random r) {
    long n = 1 + r.nextInt(10);
    long c = 1 + r.nextInt(10);
    double[] labels = indices(r, (int) n, c);
    labels[0] = 0;
    for (int i = 1; i < n; i++) {
      labels[i] = r.nextInt(5) == 0 ? -100 : labels[i];
    }
    double smoothing = r.nextBoolean() ? 0 : 0.1;
    int reduction = r.nextInt(3);
    return new Case(
        "crossEntropy [" + n + ", " + c + "] smoothing " + smoothing + " reduction " + reduction,
        List.of(new long[] {n, c}),
        -3,
        3,
        x ->
            Functional.crossEntropy(
                x[0],
                Tensor.of(labels).to(DType.INT64),
                new Reduction[] {Reduction.NONE, Reduction.MEAN, Reduction.SUM}[reduction],
                -100,
                smoothing),
        x ->
            torch.cross_entropy_loss(
                x[0],
                Torch.of(DType.INT64, labels, n),
                new TensorOptional(),
                reduction,
                -100,
                smoothing));
  }
}
