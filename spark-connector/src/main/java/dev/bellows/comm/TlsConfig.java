package dev.bellows.comm;

import static dev.bellows.errors.Messages.message;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * Configures encryption by TLS 1.3 or 1.2, with certificates on both sides: each presents its own
 * and accepts only trusted ones. Names in certificates are not compared with addresses, as ranks
 * run on any machine; admission depends on the trusted certificates and the job's secret. Uses
 * OpenSSL where Netty's native library is there, which is several times faster, else Java's own.
 */
public final class TlsConfig {
  private static final String HANDLER = "tls";

  private final SslContext client;
  private final SslContext server;

  private TlsConfig(SslContext client, SslContext server) {
    this.client = client;
    this.server = server;
  }

  /**
   * Reads keys and certificates from PEM files.
   *
   * @param certificates this side's certificate and those that lead to a trusted one (X.509)
   * @param privateKey its key (PKCS#8)
   * @param keyPassword null if the key is not encrypted
   * @param trusted certificates of those who may sign the other side's: PEM if the name ends with
   *     .pem, .crt or .cer, else a Java key store
   * @param trustPassword of that store; null if it has none
   * @throws CommException ({@code USER}) naming the file that is missing or broken
   */
  public static TlsConfig pem(
      Path certificates, Path privateKey, String keyPassword, Path trusted, String trustPassword) {
    requireReadable(certificates);
    requireReadable(privateKey);
    return build(
        builder -> builder.keyManager(certificates.toFile(), privateKey.toFile(), keyPassword),
        trusted,
        trustPassword,
        certificates + ", " + privateKey);
  }

  /**
   * Reads keys and certificates from a Java key store (PKCS#12 or JKS).
   *
   * @param keyStore with this side's key and certificates
   * @param password of the key store
   * @param keyPassword of the key in it; null if it is the same
   * @param trusted as for {@link #pem}
   * @param trustPassword as for {@link #pem}
   * @throws CommException ({@code USER}) naming the file that is missing or broken
   */
  public static TlsConfig keyStore(
      Path keyStore, String password, String keyPassword, Path trusted, String trustPassword) {
    requireReadable(keyStore);
    return build(
        builder -> {
          var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
          keys.init(load(keyStore, password), chars(keyPassword == null ? password : keyPassword));
          builder.keyManager(keys);
        },
        trusted,
        trustPassword,
        keyStore.toString());
  }

  /** Keys, to be added to a context. */
  private interface Material {
    void addTo(SslContextBuilder builder) throws IOException, GeneralSecurityException;
  }

  private static TlsConfig build(
      Material keys, Path trusted, String trustPassword, String keyFiles) {
    requireReadable(trusted);
    try {
      return new TlsConfig(
          context(SslContextBuilder.forClient(), keys, trusted, trustPassword)
              .endpointIdentificationAlgorithm(null)
              .build(),
          context(server(), keys, trusted, trustPassword).clientAuth(ClientAuth.REQUIRE).build());
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      throw new CommException(
          CommException.Category.USER,
          message(
              "tls: keys and certificates must be whole, with the right passwords; got %s, %s: %s",
              keyFiles, trusted, e.getMessage()),
          e);
    }
  }

  /** Returns a builder that gets its key later, for which there is no constructor. */
  private static SslContextBuilder server() throws GeneralSecurityException {
    var none = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    return SslContextBuilder.forServer(none);
  }

  private static SslContextBuilder context(
      SslContextBuilder builder, Material keys, Path trusted, String trustPassword)
      throws IOException, GeneralSecurityException {
    keys.addTo(builder);
    if (trusted.toString().matches(".*\\.(pem|crt|cer)")) {
      builder.trustManager(trusted.toFile());
    } else {
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(load(trusted, trustPassword));
      builder.trustManager(trust);
    }
    return builder
        .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK)
        .protocols("TLSv1.3", "TLSv1.2");
  }

  private static KeyStore load(Path file, String password)
      throws IOException, GeneralSecurityException {
    return KeyStore.getInstance(file.toFile(), chars(password));
  }

  private static char[] chars(String password) {
    return password == null ? null : password.toCharArray();
  }

  private static void requireReadable(Path file) {
    if (!Files.isReadable(file)) {
      throw CommException.user("tls: file must be there and readable; got " + file);
    }
  }

  /**
   * Encrypts a connection; to be called before anything else is in its pipeline.
   *
   * @param connecting whether this side opened it
   */
  public void install(ChannelPipeline pipeline, boolean connecting, long handshakeTimeoutMs) {
    var handler = (connecting ? client : server).newHandler(pipeline.channel().alloc());
    handler.setHandshakeTimeout(handshakeTimeoutMs, TimeUnit.MILLISECONDS);
    pipeline.addFirst(HANDLER, handler);
  }
}
