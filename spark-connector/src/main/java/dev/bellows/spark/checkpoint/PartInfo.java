package dev.bellows.spark.checkpoint;

import java.io.Serializable;

/**
 * Describes a part file of a checkpoint, as its writer measured it.
 *
 * @param name file name in the checkpoint's directory
 * @param bytes its length
 * @param crc32c CRC-32C of its bytes in eight hexadecimal digits
 * @param tensors how many tensors it holds
 */
public record PartInfo(String name, long bytes, String crc32c, int tensors)
    implements Serializable {}
