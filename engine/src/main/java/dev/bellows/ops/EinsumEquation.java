package dev.bellows.ops;

import static dev.bellows.errors.Messages.message;

import dev.bellows.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An equation of {@link Einsum}, read for given operands: a label for each dimension. Letters are
 * labels 0 to 51, capitals first; the dimensions that an ellipsis stands for have those from {@link
 * #ELLIPSIS} on, the last of them in all operands the same.
 *
 * @param operands labels of the dimensions of each operand
 * @param output labels of the result
 */
record EinsumEquation(List<List<Integer>> operands, List<Integer> output) {
  private static final int ELLIPSIS = 52;

  List<Integer> operand(int i) {
    return operands.get(i);
  }

  /** Returns the letter of a label. */
  static String text(int label) {
    return String.valueOf((char) (label < 26 ? 'A' + label : 'a' + label - 26));
  }

  /**
   * Reads an equation.
   *
   * @throws IllegalArgumentException if it is none, or does not fit the operands
   */
  static EinsumEquation parse(String equation, Tensor... operands) {
    if (operands.length == 0) {
      throw new IllegalArgumentException("einsum(): must provide at least one operand");
    }
    int arrow = equation.indexOf("->");
    String left = arrow < 0 ? equation : equation.substring(0, arrow);
    List<List<Integer>> inputs = new ArrayList<>();
    int start = 0;
    for (String part : left.split(",", -1)) {
      if (inputs.size() == operands.length) {
        throw new IllegalArgumentException(
            message(
                "einsum(): fewer operands were provided than specified in the equation; got %s for"
                    + " %s",
                operands.length, equation));
      }
      inputs.add(labels(part, start, "operand " + inputs.size()));
      start += part.length() + 1;
    }
    if (inputs.size() < operands.length) {
      throw new IllegalArgumentException(
          message(
              "einsum(): more operands were provided than specified in the equation; got %s for %s",
              operands.length, equation));
    }
    int most = 0;
    for (int i = 0; i < operands.length; i++) {
      most = Math.max(most, ellipsis(i, operands[i], inputs.get(i)));
    }
    List<Integer> output =
        arrow < 0 ? implicit(inputs) : labels(equation.substring(arrow + 2), arrow + 2, "output");
    checkOutput(output, inputs);
    List<List<Integer>> dims = new ArrayList<>();
    for (int i = 0; i < operands.length; i++) {
      int own = ellipsis(i, operands[i], inputs.get(i));
      dims.add(expanded(inputs.get(i), most - own, most));
    }
    checkSizes(dims, operands);
    return new EinsumEquation(dims, expanded(output, 0, most));
  }

  /** Labels of one operand or the output, {@link #ELLIPSIS} for three dots. */
  private static List<Integer> labels(String part, int start, String whose) {
    List<Integer> out = new ArrayList<>();
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      if (c == ' ') {
        continue;
      }
      if (c == '.') {
        if (out.contains(ELLIPSIS)) {
          throw new IllegalArgumentException(
              "einsum(): found '.' for "
                  + whose
                  + (whose.equals("output")
                      ? " but an ellipsis (...) was already found"
                      : " for which an ellipsis was already found"));
        }
        if (!part.startsWith("...", i)) {
          throw new IllegalArgumentException(
              "einsum(): found '.' for " + whose + " that is not part of any ellipsis (...)");
        }
        out.add(ELLIPSIS);
        i += 2;
      } else if (c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z') {
        out.add(c <= 'Z' ? c - 'A' : c - 'a' + 26);
      } else {
        throw new IllegalArgumentException(
            message(
                "einsum(): invalid subscript given at index %s in the equation string, subscripts"
                    + " must be in [a-zA-Z]; got '%s'",
                start + i, c));
      }
    }
    return out;
  }

  /** Returns how many dimensions the ellipsis of an operand stands for; 0 without one. */
  private static int ellipsis(int operand, Tensor x, List<Integer> labels) {
    boolean has = labels.contains(ELLIPSIS);
    int named = labels.size() - (has ? 1 : 0);
    if (has ? named > x.dim() : named != x.dim()) {
      throw new IllegalArgumentException(
          message(
              "einsum(): the number of subscripts in the equation (%s%s the number of dimensions"
                  + " (%s) for operand %s%s",
              named,
              has ? ") is more than" : ") does not match",
              x.dim(),
              operand,
              has ? "" : " and no ellipsis was given"));
    }
    return x.dim() - named;
  }

  /** Returns what an ellipsis stands for, then the letters that occur once, in their order. */
  private static List<Integer> implicit(List<List<Integer>> inputs) {
    int[] times = new int[ELLIPSIS + 1];
    inputs.forEach(labels -> labels.forEach(l -> times[l]++));
    List<Integer> out = new ArrayList<>();
    if (times[ELLIPSIS] > 0) {
      out.add(ELLIPSIS);
    }
    for (int l = 0; l < ELLIPSIS; l++) {
      if (times[l] == 1) {
        out.add(l);
      }
    }
    return out;
  }

  private static void checkOutput(List<Integer> output, List<List<Integer>> inputs) {
    for (int i = 0; i < output.size(); i++) {
      int label = output.get(i);
      if (label == ELLIPSIS) {
        continue;
      }
      if (output.indexOf(label) != i) {
        throw new IllegalArgumentException(
            "einsum(): output subscript " + text(label) + " appears more than once in the output");
      }
      if (inputs.stream().noneMatch(labels -> labels.contains(label))) {
        throw new IllegalArgumentException(
            message(
                "einsum(): output subscript %s does not appear in the equation for any input"
                    + " operand",
                text(label)));
      }
    }
  }

  /** Expands with labels {@code ELLIPSIS + from} to {@code ELLIPSIS + to − 1} for the ellipsis. */
  private static List<Integer> expanded(List<Integer> labels, int from, int to) {
    List<Integer> out = new ArrayList<>();
    for (int label : labels) {
      if (label != ELLIPSIS) {
        out.add(label);
        continue;
      }
      for (int i = from; i < to; i++) {
        out.add(ELLIPSIS + i);
      }
    }
    return out;
  }

  private static void checkSizes(List<List<Integer>> dims, Tensor... operands) {
    Map<Integer, Long> sizes = new LinkedHashMap<>();
    for (int i = 0; i < operands.length; i++) {
      for (int d = 0; d < operands[i].dim(); d++) {
        int label = dims.get(i).get(d);
        long size = operands[i].size(d);
        Long seen = sizes.get(label);
        if (seen == null || seen == 1) {
          sizes.put(label, size);
        } else if (size != 1 && size != seen && dims.get(i).indexOf(label) == d) {
          String what =
              label < ELLIPSIS
                  ? "subscript " + text(label)
                  : "dimension " + (label - ELLIPSIS) + " covered by ellipsis";
          throw new IllegalArgumentException(
              message(
                  "einsum(): %s has size %s for operand %s which does not broadcast with previously"
                      + " seen size %s; got %s",
                  what, size, i, seen, Arrays.stream(operands).map(Products::text).toList()));
        }
      }
    }
  }
}
