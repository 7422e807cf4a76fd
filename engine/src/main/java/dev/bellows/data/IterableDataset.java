package dev.bellows.data;

/**
 * Samples that come one after the other, as from a stream. {@link #iterator} starts a new pass, as
 * often as it is called; a {@link DataLoader} reads one pass in its order whatever its number of
 * workers, by one thread at a time. Source: PyTorch's {@code torch.utils.data.IterableDataset}.
 *
 * @param <T> the samples, as of {@link Dataset}
 */
@FunctionalInterface
public interface IterableDataset<T> extends Iterable<T> {}
