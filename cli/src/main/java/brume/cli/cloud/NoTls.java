package brume.cli.cloud;

import java.security.KeyManagementException;
import java.security.Provider;
import java.security.SecureRandom;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/// A TLS context for connections that have none: the JDK's HTTP client makes one for every address,
/// and reads all of the system's certificates for it, which takes longer than a command. It makes
/// no connection, so that nothing that ought to be encrypted can go out by mistake.
final class NoTls extends SSLContext {
  NoTls() {
    super(new Refusing(), new Provider("none", "1", "no TLS") {}, "none");
  }

  private static final class Refusing extends SSLContextSpi {
    private static IllegalStateException refused() {
      return new IllegalStateException("this address is not an https one");
    }

    @Override
    protected void engineInit(
        KeyManager @Nullable [] keys,
        javax.net.ssl.TrustManager @Nullable [] trusted,
        @Nullable SecureRandom random)
        throws KeyManagementException {
      throw new KeyManagementException("nothing to set up");
    }

    @Override
    protected SSLSocketFactory engineGetSocketFactory() {
      throw refused();
    }

    @Override
    protected SSLServerSocketFactory engineGetServerSocketFactory() {
      throw refused();
    }

    @Override
    protected SSLEngine engineCreateSSLEngine() {
      throw refused();
    }

    @Override
    protected SSLEngine engineCreateSSLEngine(String host, int port) {
      throw refused();
    }

    @Override
    protected @Nullable SSLSessionContext engineGetServerSessionContext() {
      return null;
    }

    @Override
    protected @Nullable SSLSessionContext engineGetClientSessionContext() {
      return null;
    }

    @Override
    protected SSLParameters engineGetDefaultSSLParameters() {
      return new SSLParameters();
    }

    @Override
    protected SSLParameters engineGetSupportedSSLParameters() {
      return new SSLParameters(new String[0], new String[0]);
    }
  }
}
