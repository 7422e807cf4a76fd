package dev.bellows.spark.data;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * The local file system without child processes. Hadoop sets the permissions of each new file
 * through the command {@code chmod} if its native library is missing, so that creating a file fails
 * if that child is killed or cannot be forked.
 */
final class LocalFiles extends RawLocalFileSystem {
  static LocalFiles open(URI name, Configuration hadoop) throws IOException {
    LocalFiles files = new LocalFiles();
    files.initialize(name, hadoop);
    return files;
  }

  @Override
  public void setPermission(Path path, FsPermission permission) throws IOException {
    PosixFileAttributeView view =
        Files.getFileAttributeView(pathToFile(path).toPath(), PosixFileAttributeView.class);
    if (view == null) {
      super.setPermission(path, permission);
      return;
    }
    String rights =
        permission.getUserAction().SYMBOL
            + permission.getGroupAction().SYMBOL
            + permission.getOtherAction().SYMBOL;
    view.setPermissions(PosixFilePermissions.fromString(rights));
  }
}
