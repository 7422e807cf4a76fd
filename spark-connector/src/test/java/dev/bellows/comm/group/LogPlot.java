package dev.bellows.comm.group;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A plot with a logarithmic x axis, powers of two, as plain SVG. */
final class LogPlot {
  private static final String[] COLOURS = {
    "#1b6ca8", "#d1495b", "#2e8b57", "#b8860b", "#6a4c93", "#444444"
  };
  private static final double LEFT = 80;
  private static final double TOP = 44;
  private static final double WIDTH = 500;
  private static final double HEIGHT = 330;

  private final String title;
  private final String xLabel;
  private final String yLabel;
  private final boolean logarithmic;
  private final List<Line> lines = new ArrayList<>();

  private record Line(String name, int colour, boolean dashed, List<double[]> points) {}

  /**
   * @param logarithmic whether the y axis is so too, in powers of ten; else it goes from 0 to 1
   */
  LogPlot(String title, String xLabel, String yLabel, boolean logarithmic) {
    this.title = title;
    this.xLabel = xLabel;
    this.yLabel = yLabel;
    this.logarithmic = logarithmic;
  }

  /** Adds a line; its points are pairs of x and y. */
  LogPlot line(String name, int colour, boolean dashed, List<double[]> points) {
    lines.add(new Line(name, colour, dashed, points));
    return this;
  }

  String svg() {
    var lowX = Math.floor(log2(extreme(0, false)));
    var highX = Math.ceil(log2(extreme(0, true)));
    var lowY = logarithmic ? Math.floor(Math.log10(extreme(1, false))) : 0;
    var highY = logarithmic ? Math.ceil(Math.log10(extreme(1, true))) : 1;
    var svg = new StringBuilder();
    svg.append(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 800 440\""
            + " font-family=\"sans-serif\" font-size=\"12\">\n"
            + "<rect width=\"800\" height=\"440\" fill=\"white\"/>\n");
    text(svg, LEFT + WIDTH / 2, 24, "middle", title, "font-size=\"15\" font-weight=\"bold\"");
    for (var x = lowX; x <= highX; x++) {
      var at = LEFT + (x - lowX) / (highX - lowX) * WIDTH;
      grid(svg, at, TOP, at, TOP + HEIGHT);
      text(svg, at, TOP + HEIGHT + 18, "middle", format(Math.pow(2, x)), "");
    }
    for (var i = 0; i <= (logarithmic ? highY - lowY : 5); i++) {
      var y = logarithmic ? lowY + i : i / 5.0;
      var at = TOP + HEIGHT - (y - lowY) / (highY - lowY) * HEIGHT;
      grid(svg, LEFT, at, LEFT + WIDTH, at);
      text(svg, LEFT - 8, at + 4, "end", format(logarithmic ? Math.pow(10, y) : y), "");
    }
    text(svg, LEFT + WIDTH / 2, TOP + HEIGHT + 44, "middle", xLabel, "");
    var middle = TOP + HEIGHT / 2;
    text(svg, 22, middle, "middle", yLabel, "transform=\"rotate(-90 22 " + middle + ")\"");
    for (var i = 0; i < lines.size(); i++) {
      draw(svg, lines.get(i), i, new double[] {lowX, highX, lowY, highY});
    }
    return svg.append("</svg>\n").toString();
  }

  private void draw(StringBuilder svg, Line line, int number, double[] range) {
    var style =
        "fill=\"none\" stroke=\""
            + COLOURS[line.colour]
            + "\" stroke-width=\"2\""
            + (line.dashed ? " stroke-dasharray=\"6 4\"" : "");
    svg.append("<polyline ").append(style).append(" points=\"");
    for (var point : line.points) {
      var y = logarithmic ? Math.log10(point[1]) : point[1];
      var left = LEFT + (log2(point[0]) - range[0]) / (range[1] - range[0]) * WIDTH;
      var top = TOP + HEIGHT - (y - range[2]) / (range[3] - range[2]) * HEIGHT;
      svg.append(String.format(Locale.ROOT, "%.1f,%.1f ", left, top));
    }
    svg.append("\"/>\n");
    var x = LEFT + WIDTH + 16;
    var y = TOP + 10 + 20 * number;
    svg.append(String.format(Locale.ROOT, "<path %s d=\"M %.0f %.0f h 28\"/>\n", style, x, y - 4));
    text(svg, x + 34, y, "start", line.name, "");
  }

  private double extreme(int axis, boolean largest) {
    var all =
        lines.stream().flatMap(line -> line.points.stream()).mapToDouble(point -> point[axis]);
    return (largest ? all.max() : all.min()).orElseThrow();
  }

  private static double log2(double value) {
    return Math.log(value) / Math.log(2);
  }

  /** Without zeros behind the point. */
  private static String format(double value) {
    return String.format(Locale.ROOT, "%.4f", value).replaceAll("\\.?0+$", "");
  }

  private static void grid(StringBuilder svg, double x1, double y1, double x2, double y2) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<path stroke=\"#dddddd\" d=\"M %.1f %.1f L %.1f %.1f\"/>%n",
            x1,
            y1,
            x2,
            y2));
  }

  private static void text(
      StringBuilder svg, double x, double y, String anchor, String text, String more) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" %s>%s</text>%n",
            x,
            y,
            anchor,
            more,
            text));
  }
}
