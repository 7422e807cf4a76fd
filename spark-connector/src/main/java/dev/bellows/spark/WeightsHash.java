package dev.bellows.spark;

import dev.bellows.serialize.SafeTensors;
import dev.bellows.tensor.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;

/**
 * SHA-256 of a model's weights: the hash of the safetensors file that contains the state dict in
 * its order and no metadata. It covers names, element types, shapes and bytes, and {@code
 * sha256sum} of a job's model file gives the same value.
 */
public final class WeightsHash {
  private WeightsHash() {}

  /** Returns the hash of a state dict's tensors. */
  public static byte[] of(Map<String, Tensor> state) {
    try (var out = new DigestOutputStream(OutputStream.nullOutputStream(), digest())) {
      SafeTensors.write(state, Map.of(), out);
      return out.getMessageDigest().digest();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("weights: every Java has SHA-256", e);
    }
  }
}
