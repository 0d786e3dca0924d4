package brume.standalone;

import brume.contract.CacheFolder;
import brume.db.DatabaseFailure;
import brume.db.EmbeddedPostgres;
import brume.db.Migrations;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/// The database of one cloud, migrated: the embedded server, or an external one by its address.
final class Database implements AutoCloseable {
  private final String url;
  private final String servicePassword;
  private final @Nullable EmbeddedPostgres embedded;

  private Database(String url, String servicePassword, @Nullable EmbeddedPostgres embedded) {
    this.url = url;
    this.servicePassword = servicePassword;
    this.embedded = embedded;
  }

  static Database open(DataFolder folder, @Nullable String address) {
    String servicePassword = folder.secret("database");
    try {
      if (address != null) {
        return new Database(migrate(address, servicePassword), servicePassword, null);
      }
      EmbeddedPostgres postgres =
          EmbeddedPostgres.start(
              folder.path().resolve("postgres"),
              CacheFolder.of(System.getenv()),
              EmbeddedPostgres.Durability.DURABLE);
      try {
        Migrations.apply(
            postgres.url(), EmbeddedPostgres.OWNER, postgres.password(), servicePassword);
      } catch (RuntimeException e) {
        postgres.close();
        throw e;
      }
      return new Database(postgres.url(), servicePassword, postgres);
    } catch (DatabaseFailure e) {
      throw new StartFailure(String.valueOf(e.getMessage()));
    }
  }

  /// Migrates an external database; answers its JDBC address without user and password.
  static String migrate(String address, String servicePassword) {
    External external = External.parse(address);
    try {
      Migrations.apply(external.url, external.user, external.password, servicePassword);
    } catch (DatabaseFailure e) {
      throw new StartFailure(String.valueOf(e.getMessage()));
    }
    return external.url;
  }

  String url() {
    return url;
  }

  /// Of each service's role.
  String servicePassword() {
    return servicePassword;
  }

  @Override
  public void close() {
    if (embedded != null) {
      embedded.close();
    }
  }

  /// `postgresql://user:password@host:port/database`, with or without `jdbc:` before it.
  record External(String url, String user, String password) {
    static External parse(String address) {
      String shape = "postgresql://USER:PASSWORD@HOST:PORT/DATABASE";
      try {
        URI uri = new URI(address.startsWith("jdbc:") ? address.substring(5) : address);
        String userInfo = uri.getUserInfo();
        boolean known = "postgresql".equals(uri.getScheme()) || "postgres".equals(uri.getScheme());
        if (!known || uri.getHost() == null || userInfo == null || !userInfo.contains(":")) {
          throw new StartFailure("--database must look like " + shape);
        }
        int colon = userInfo.indexOf(':');
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        String query = uri.getQuery() == null ? "" : "?" + uri.getQuery();
        String url = "jdbc:postgresql://" + uri.getHost() + port + uri.getPath() + query;
        return new External(url, userInfo.substring(0, colon), userInfo.substring(colon + 1));
      } catch (URISyntaxException e) {
        throw new StartFailure("--database must look like " + shape + ": " + e.getReason());
      }
    }
  }
}
