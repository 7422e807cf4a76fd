package dev.bellows.tensor;

/** What becomes of several elements that are scattered to one place. */
public enum ScatterReduce {
  SUM,
  PROD,
  MEAN,
  AMAX,
  AMIN
}
