package dev.bellows.spark.worker;

import dev.bellows.comm.TlsConfig;
import dev.bellows.spark.BellowsException;
import java.io.File;
import org.apache.spark.SSLOptions;
import org.apache.spark.SparkEnv;
import scala.Option;

/**
 * Configures encryption from the settings of Spark: from {@code spark.ssl.bellows.*} where {@code
 * spark.ssl.bellows.enabled} is true, else from {@code spark.ssl.rpc.*} where that is enabled;
 * missing settings are taken from {@code spark.ssl.*}, as everywhere in Spark. Required are {@code
 * keyStore}, or {@code privateKey} and {@code certChain} (PEM), and {@code trustStore}.
 */
public final class SparkTls {
  private SparkTls() {}

  /**
   * Returns the encryption that this process is configured to use; null for none.
   *
   * @throws BellowsException ({@code USER}) if a setting is missing or a file does not exist
   */
  public static TlsConfig current() {
    var security = SparkEnv.get().securityManager();
    var own = security.getSSLOptions("bellows");
    if (own.enabled()) {
      return of(own, "spark.ssl.bellows");
    }
    var rpc = security.getSSLOptions("rpc");
    return rpc.enabled() ? of(rpc, "spark.ssl.rpc") : null;
  }

  static TlsConfig of(SSLOptions options, String prefix) {
    var trusted = file(options.trustStore(), prefix + ".trustStore");
    var trustPassword = text(options.trustStorePassword());
    try {
      if (options.privateKey().isDefined()) {
        return TlsConfig.pem(
            file(options.certChain(), prefix + ".certChain").toPath(),
            options.privateKey().get().toPath(),
            text(options.privateKeyPassword()),
            trusted.toPath(),
            trustPassword);
      }
      return TlsConfig.keyStore(
          file(options.keyStore(), prefix + ".keyStore").toPath(),
          text(options.keyStorePassword()),
          text(options.keyPassword()),
          trusted.toPath(),
          trustPassword);
    } catch (dev.bellows.comm.CommException e) {
      throw new BellowsException(BellowsException.Category.USER, prefix + ": " + e.getMessage(), e);
    }
  }

  private static File file(Option<File> option, String key) {
    if (option.isEmpty()) {
      throw BellowsException.user("tls: " + key + " must be set; got nothing");
    }
    return option.get();
  }

  private static String text(Option<String> option) {
    return option.isEmpty() ? null : option.get();
  }
}
