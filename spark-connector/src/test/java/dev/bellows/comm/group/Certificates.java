package dev.bellows.comm.group;

import dev.bellows.comm.TlsConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

/** Keys and certificates made with the JDK's keytool, as stores and as PEM files. */
public final class Certificates {
  public static final String PASSWORD = "change-it";
  private final Path directory;
  private final String name;

  private Certificates(Path directory, String name) {
    this.directory = directory;
    this.name = name;
  }

  /** A key with a certificate signed by itself. */
  public static Certificates make(Path directory, String name) throws Exception {
    var made = new Certificates(directory, name);
    made.run();
    made.exportPem();
    return made;
  }

  private void run() throws IOException, InterruptedException {
    var tool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    var process =
        new ProcessBuilder(
                tool.toString(),
                "-genkeypair",
                "-alias",
                "rank",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-validity",
                "30",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                store().toString())
            .redirectErrorStream(true)
            .start();
    var output = new String(process.getInputStream().readAllBytes());
    if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IllegalStateException("keytool: " + output);
    }
  }

  private void exportPem() throws IOException, GeneralSecurityException {
    var keys = KeyStore.getInstance(store().toFile(), PASSWORD.toCharArray());
    Key key = keys.getKey("rank", PASSWORD.toCharArray());
    Files.writeString(key(), pem("PRIVATE KEY", key.getEncoded()));
    Files.writeString(certificate(), pem("CERTIFICATE", keys.getCertificate("rank").getEncoded()));
  }

  private static String pem(String what, byte[] bytes) {
    var text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n";
  }

  public Path store() {
    return directory.resolve(name + ".p12");
  }

  public Path key() {
    return directory.resolve(name + ".key");
  }

  public Path certificate() {
    return directory.resolve(name + ".pem");
  }

  /** Shows this certificate and trusts no other. */
  public TlsConfig tls() {
    return tls(this);
  }

  /** Shows this certificate and trusts another. */
  public TlsConfig tls(Certificates trusted) {
    return TlsConfig.pem(certificate(), key(), null, trusted.certificate(), null);
  }
}
