package dev.bellows.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.of;

import dev.bellows.memory.DType;
import dev.bellows.nn.Parameter;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The texts are those of PyTorch 2.13 but for its words for types, truth and gradients. */
@Timeout(60)
class PrinterTest {
  static Stream<Arguments> printed() {
    return Stream.of(
        of(
            Tensor.of(new float[] {1, 2.5f, -3}, 3),
            PrintOptions.DEFAULT,
            "tensor([ 1.0000,  2.5000, -3.0000])"),
        of(Tensor.of(new float[] {1, 2, -3}, 3), PrintOptions.DEFAULT, "tensor([ 1.,  2., -3.])"),
        of(
            Tensor.of(new float[] {1e-5f, 2}, 2),
            PrintOptions.DEFAULT,
            "tensor([1.0000e-05, 2.0000e+00])"),
        of(
            Tensor.of(new float[] {1e9f, 2}, 2),
            PrintOptions.DEFAULT,
            "tensor([1.0000e+09, 2.0000e+00])"),
        of(
            Tensor.of(new double[] {1, 2000.5}, 2),
            PrintOptions.DEFAULT,
            "tensor([1.0000e+00, 2.0005e+03], dtype=FLOAT64)"),
        of(
            Tensor.of(new float[] {Float.NaN, 1, Float.NEGATIVE_INFINITY}, 3),
            PrintOptions.DEFAULT,
            "tensor([nan, 1., -inf])"),
        of(
            Tensor.of(new float[] {0.5f, -0.25f}, 2).to(DType.FLOAT16),
            PrintOptions.DEFAULT,
            "tensor([ 0.5000, -0.2500], dtype=FLOAT16)"),
        of(
            Tensor.of(new float[] {0.5f, -0.25f}, 2).to(DType.BFLOAT16),
            PrintOptions.DEFAULT,
            "tensor([ 0.5000, -0.2500], dtype=BFLOAT16)"),
        of(
            Tensor.of(new boolean[] {true, false}, 2),
            PrintOptions.DEFAULT,
            "tensor([ true, false])"),
        of(Tensor.of(new long[] {1, -20, 300}, 3), PrintOptions.DEFAULT, "tensor([  1, -20, 300])"),
        of(
            Tensor.of(new long[] {1, -20, 300}, 3).to(DType.INT8),
            PrintOptions.DEFAULT,
            "tensor([  1, -20,  44], dtype=INT8)"),
        of(Tensor.scalar(3.5), PrintOptions.DEFAULT, "tensor(3.5000)"),
        of(Tensor.scalar(7), PrintOptions.DEFAULT, "tensor(7)"),
        of(Tensor.zeros(0), PrintOptions.DEFAULT, "tensor([])"),
        of(
            Tensor.zeros(DType.FLOAT64, 2, 0),
            PrintOptions.DEFAULT,
            "tensor([], size=[2, 0], dtype=FLOAT64)"),
        of(
            Tensor.arange(2000).reshape(2, 1000),
            PrintOptions.DEFAULT,
            "tensor([[   0,    1,    2,  ...,  997,  998,  999],\n"
                + "        [1000, 1001, 1002,  ..., 1997, 1998, 1999]])"),
        of(
            Tensor.arange(2000).reshape(20, 10, 10),
            PrintOptions.DEFAULT,
            "tensor([[[   0,    1,    2,  ...,    7,    8,    9],\n"
                + "         [  10,   11,   12,  ...,   17,   18,   19],\n"
                + "         [  20,   21,   22,  ...,   27,   28,   29],\n"
                + "         ...,\n"
                + "         [  70,   71,   72,  ...,   77,   78,   79],\n"
                + "         [  80,   81,   82,  ...,   87,   88,   89],\n"
                + "         [  90,   91,   92,  ...,   97,   98,   99]],\n"
                + "\n"
                + "        [[ 100,  101,  102,  ...,  107,  108,  109],\n"
                + "         [ 110,  111,  112,  ...,  117,  118,  119],\n"
                + "         [ 120,  121,  122,  ...,  127,  128,  129],\n"
                + "         ...,\n"
                + "         [ 170,  171,  172,  ...,  177,  178,  179],\n"
                + "         [ 180,  181,  182,  ...,  187,  188,  189],\n"
                + "         [ 190,  191,  192,  ...,  197,  198,  199]],\n"
                + "\n"
                + "        [[ 200,  201,  202,  ...,  207,  208,  209],\n"
                + "         [ 210,  211,  212,  ...,  217,  218,  219],\n"
                + "         [ 220,  221,  222,  ...,  227,  228,  229],\n"
                + "         ...,\n"
                + "         [ 270,  271,  272,  ...,  277,  278,  279],\n"
                + "         [ 280,  281,  282,  ...,  287,  288,  289],\n"
                + "         [ 290,  291,  292,  ...,  297,  298,  299]],\n"
                + "\n"
                + "        ...,\n"
                + "\n"
                + "        [[1700, 1701, 1702,  ..., 1707, 1708, 1709],\n"
                + "         [1710, 1711, 1712,  ..., 1717, 1718, 1719],\n"
                + "         [1720, 1721, 1722,  ..., 1727, 1728, 1729],\n"
                + "         ...,\n"
                + "         [1770, 1771, 1772,  ..., 1777, 1778, 1779],\n"
                + "         [1780, 1781, 1782,  ..., 1787, 1788, 1789],\n"
                + "         [1790, 1791, 1792,  ..., 1797, 1798, 1799]],\n"
                + "\n"
                + "        [[1800, 1801, 1802,  ..., 1807, 1808, 1809],\n"
                + "         [1810, 1811, 1812,  ..., 1817, 1818, 1819],\n"
                + "         [1820, 1821, 1822,  ..., 1827, 1828, 1829],\n"
                + "         ...,\n"
                + "         [1870, 1871, 1872,  ..., 1877, 1878, 1879],\n"
                + "         [1880, 1881, 1882,  ..., 1887, 1888, 1889],\n"
                + "         [1890, 1891, 1892,  ..., 1897, 1898, 1899]],\n"
                + "\n"
                + "        [[1900, 1901, 1902,  ..., 1907, 1908, 1909],\n"
                + "         [1910, 1911, 1912,  ..., 1917, 1918, 1919],\n"
                + "         [1920, 1921, 1922,  ..., 1927, 1928, 1929],\n"
                + "         ...,\n"
                + "         [1970, 1971, 1972,  ..., 1977, 1978, 1979],\n"
                + "         [1980, 1981, 1982,  ..., 1987, 1988, 1989],\n"
                + "         [1990, 1991, 1992,  ..., 1997, 1998, 1999]]])"),
        of(
            Tensor.arange(30).reshape(1, 30),
            PrintOptions.DEFAULT,
            "tensor([[ 0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14, 15, 16, 17,\n"
                + "         18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29]])"),
        of(
            Tensor.arange(24).reshape(2, 3, 4).to(DType.FLOAT32),
            PrintOptions.DEFAULT,
            "tensor([[[ 0.,  1.,  2.,  3.],\n"
                + "         [ 4.,  5.,  6.,  7.],\n"
                + "         [ 8.,  9., 10., 11.]],\n"
                + "\n"
                + "        [[12., 13., 14., 15.],\n"
                + "         [16., 17., 18., 19.],\n"
                + "         [20., 21., 22., 23.]]])"),
        of(
            Tensor.arange(30).to(DType.FLOAT32).div(7),
            PrintOptions.DEFAULT.withPrecision(2).withLineWidth(40),
            "tensor([0.00, 0.14, 0.29, 0.43, 0.57,\n"
                + "        0.71, 0.86, 1.00, 1.14, 1.29,\n"
                + "        1.43, 1.57, 1.71, 1.86, 2.00,\n"
                + "        2.14, 2.29, 2.43, 2.57, 2.71,\n"
                + "        2.86, 3.00, 3.14, 3.29, 3.43,\n"
                + "        3.57, 3.71, 3.86, 4.00, 4.14])"),
        of(
            Tensor.arange(30).to(DType.FLOAT32),
            PrintOptions.DEFAULT.withThreshold(10).withEdgeItems(2),
            "tensor([ 0.,  1.,  ..., 28., 29.])"),
        of(
            Tensor.of(new float[] {1, 2.5f, -3}, 3),
            PrintOptions.DEFAULT.withSciMode(true),
            "tensor([ 1.0000e+00,  2.5000e+00, -3.0000e+00])"),
        of(
            Tensor.of(new float[] {1e-6f, 2.5f, -3}, 3),
            PrintOptions.DEFAULT.withSciMode(false),
            "tensor([ 0.0000,  2.5000, -3.0000])"),
        of(
            Tensor.of(new float[] {1, 2}, 2).setRequiresGrad(true),
            PrintOptions.DEFAULT,
            "tensor([1., 2.], requiresGrad=true)"));
  }

  @ParameterizedTest
  @MethodSource("printed")
  void isPrinted(Tensor tensor, PrintOptions options, String text) {
    assertThat(tensor.toString(options)).isEqualTo(text);
  }

  @Test
  void optionsAreThoseOfAllTensors() {
    Tensor x = Tensor.of(new float[] {1.23456f}, 1);
    Tensor.setPrintOptions(PrintOptions.SHORT);
    try {
      assertThat(x).hasToString("tensor([1.23])");
    } finally {
      Tensor.setPrintOptions(PrintOptions.DEFAULT);
    }
    assertThat(x).hasToString("tensor([1.2346])");
  }

  @Test
  void whatMadeATensorIsPrinted() {
    Tensor x = Tensor.of(new float[] {1}, 1).setRequiresGrad(true);
    assertThat(x.mul(2)).hasToString("tensor([2.], gradFn=<MulBackward>)");
  }

  @Test
  void optionsAreChecked() {
    assertThatThrownBy(() -> PrintOptions.DEFAULT.withEdgeItems(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("printOptions: edgeItems must be from 1 to 2147483647; got 0");
  }

  @Test
  void whatDoesNotFitBehindTheElementsGetsALineOfItsOwn() {
    Tensor x = Tensor.arange(17).to(DType.FLOAT64).setRequiresGrad(true);
    assertThat(x)
        .hasToString(
            "tensor([ 0.,  1.,  2.,  3.,  4.,  5.,  6.,  7.,  8.,  9., 10., 11., 12., 13.,\n"
                + "        14., 15., 16.], dtype=FLOAT64, requiresGrad=true)");
    assertThat(x.narrow(0, 0, 14).mul(1))
        .hasToString(
            "tensor([ 0.,  1.,  2.,  3.,  4.,  5.,  6.,  7.,  8.,  9., 10., 11., 12., 13.],\n"
                + "       dtype=FLOAT64, gradFn=<MulBackward>)");
  }

  @Test
  void parametersSayWhatTheyAre() {
    Parameter parameter = Parameter.of(Tensor.of(new float[] {0.03125f, 1}));
    assertThat(parameter)
        .hasToString("Parameter containing:\ntensor([0.0312, 1.0000], requiresGrad=true)");
    assertThat(parameter.toString(PrintOptions.SHORT))
        .isEqualTo("Parameter containing:\ntensor([0.03, 1.00], requiresGrad=true)");
    assertThat(Parameter.of(Tensor.ones(1), false))
        .hasToString("Parameter containing:\ntensor([1.])");
    assertThat(parameter.detach()).hasToString("tensor([0.0312, 1.0000])");
  }
}
