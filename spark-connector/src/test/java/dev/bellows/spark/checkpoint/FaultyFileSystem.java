package dev.bellows.spark.checkpoint;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.EnumSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.security.AccessControlException;
import org.apache.hadoop.util.Progressable;

/**
 * The local disk under the schemes {@code faulty} and {@code s3a}, with faults set in the
 * configuration.
 */
public final class FaultyFileSystem extends FilterFileSystem {
  static final String FREE_BYTES = "faulty.free.bytes";
  static final String READ_ONLY = "faulty.read.only";
  static final String NO_RENAME = "faulty.no.rename";
  static final String RENAME_KEEPS_TARGET = "faulty.rename.keeps.target";

  /** An exception that an access throws, or null; tests set it while a job runs. */
  public interface Fault {
    Throwable at(String operation, Path path);
  }

  private static final Fault NONE = (operation, path) -> null;
  private static volatile Fault fault = NONE;

  private URI uri;

  /** For Hadoop. */
  public FaultyFileSystem() {
    super(new RawLocalFileSystem());
  }

  /** Lets accesses fail from now on; null: none. Operations: create, write, rename, list. */
  public static void setFault(Fault value) {
    fault = value == null ? NONE : value;
  }

  /** Returns what Hadoop throws for a failure of the local disk: an error, not an exception. */
  public static Error localDiskError(String message) {
    try {
      var constructor = org.apache.hadoop.fs.FSError.class.getDeclaredConstructor(Throwable.class);
      constructor.setAccessible(true);
      return constructor.newInstance(new IOException(message));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  static Configuration configuration() {
    return configure(new Configuration());
  }

  /** Adds the schemes. */
  public static Configuration configure(Configuration hadoop) {
    hadoop.set("fs.faulty.impl", FaultyFileSystem.class.getName());
    hadoop.setBoolean("fs.faulty.impl.disable.cache", true);
    hadoop.set("fs.s3a.impl", FaultyFileSystem.class.getName());
    hadoop.setBoolean("fs.s3a.impl.disable.cache", true);
    return hadoop;
  }

  @Override
  public void initialize(URI name, Configuration conf) throws IOException {
    super.initialize(URI.create("file:///"), conf);
    setConf(conf);
    uri = URI.create(name.getScheme() + ":///");
  }

  @Override
  public URI getUri() {
    return uri;
  }

  @Override
  protected void checkPath(Path path) {
    // All are ours.
  }

  @Override
  public Path makeQualified(Path path) {
    return path.makeQualified(getUri(), new Path("/"));
  }

  private static void fail(String operation, Path path) throws IOException {
    Throwable failure = fault.at(operation, path);
    if (failure instanceof IOException e) {
      throw e;
    } else if (failure instanceof RuntimeException e) {
      throw e;
    } else if (failure != null) {
      throw (Error) failure;
    }
  }

  private static Path local(Path path) {
    return new Path(path.toUri().getPath());
  }

  @Override
  public org.apache.hadoop.fs.FSDataInputStream open(Path path, int bufferSize) throws IOException {
    return super.open(local(path), bufferSize);
  }

  @Override
  public boolean mkdirs(Path path, FsPermission permission) throws IOException {
    return super.mkdirs(local(path), permission);
  }

  @Override
  public boolean mkdirs(Path path) throws IOException {
    return super.mkdirs(local(path));
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    fail("rename", to);
    if (getConf().getBoolean(NO_RENAME, false)) {
      throw new IOException("Connection reset");
    }
    boolean kept = getConf().getBoolean(RENAME_KEEPS_TARGET, false) && exists(to);
    return !kept && super.rename(local(from), local(to));
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    return super.delete(local(path), recursive);
  }

  @Override
  public org.apache.hadoop.fs.FileStatus getFileStatus(Path path) throws IOException {
    return super.getFileStatus(local(path));
  }

  @Override
  public org.apache.hadoop.fs.FileStatus[] listStatus(Path path) throws IOException {
    fail("list", path);
    return super.listStatus(local(path));
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    if (getConf().getBoolean(READ_ONLY, false)) {
      throw new AccessControlException("Permission denied: user=trainer, access=WRITE");
    }
    fail("create", path);
    return new FSDataOutputStream(
        new Full(
            path,
            open(path, permission, overwrite, bufferSize, replication, blockSize, progress),
            getConf().getLong(FREE_BYTES, Long.MAX_VALUE)),
        null);
  }

  @Override
  public FSDataOutputStreamBuilder<?, ?> createFile(Path path) {
    FSDataOutputStreamBuilder<?, ?> builder = createDataOutputStreamBuilder(this, path);
    builder.create();
    return builder;
  }

  /** Of several that make a file which must not be there, one succeeds. */
  private FSDataOutputStream open(
      Path path,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    synchronized (FaultyFileSystem.class) {
      return super.create(
          local(path), permission, overwrite, bufferSize, replication, blockSize, progress);
    }
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      FsPermission permission,
      EnumSet<org.apache.hadoop.fs.CreateFlag> flags,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress,
      org.apache.hadoop.fs.Options.ChecksumOpt checksum)
      throws IOException {
    boolean overwrite = flags.contains(org.apache.hadoop.fs.CreateFlag.OVERWRITE);
    return create(path, permission, overwrite, bufferSize, replication, blockSize, progress);
  }

  /** Takes so many bytes and no more. */
  private static final class Full extends OutputStream {
    private final Path path;
    private final OutputStream out;
    private long free;

    Full(Path path, OutputStream out, long free) {
      this.path = path;
      this.out = out;
      this.free = free;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      fail("write", path);
      int fits = (int) Math.min(length, free);
      out.write(bytes, offset, fits);
      free -= fits;
      if (fits < length) {
        throw new IOException("No space left on device");
      }
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}
