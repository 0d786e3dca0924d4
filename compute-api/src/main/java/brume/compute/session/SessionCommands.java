package brume.compute.session;

import brume.compute.access.Action;
import brume.compute.access.Caller;
import brume.compute.access.ConsoleSessions;
import brume.compute.access.SessionSecret;
import brume.compute.audit.AuditTrail;
import brume.compute.loop.DatabaseSignals;
import brume.compute.loop.Loop;
import brume.compute.refusal.Refused;
import brume.contract.IdGenerator;
import java.security.SecureRandom;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// Begins and ends sessions, and forgets those that are over.
@Component
class SessionCommands {
  static final int OF_TOKEN_MAX = 20;
  static final int OF_ACCOUNT_MAX = 1000;

  private static final Duration EXPIRY_PERIOD = Duration.ofMinutes(1);
  private static final int EXPIRED_MAX = 1000;

  private final JdbcClient database;
  private final AuditTrail audit;
  private final IdGenerator ids;
  private final SecureRandom random;
  private final Clock clock;

  SessionCommands(
      JdbcClient database, AuditTrail audit, IdGenerator ids, SecureRandom random, Clock clock) {
    this.database = database;
    this.audit = audit;
    this.ids = ids;
    this.random = random;
    this.clock = clock;
  }

  /// The loop that forgets.
  @Configuration(proxyBeanMethods = false)
  static class Expiry {
    @Bean
    Loop sessionExpiryLoop(SessionCommands commands, DatabaseSignals signals) {
      return new Loop("session-expiry", EXPIRY_PERIOD, EXPIRY_PERIOD, signals, commands::expire);
    }
  }

  /// A session that has just begun.
  record Begun(SessionSecret secret, Instant expiresAt) {}

  /// A token that signs in once too often ends its oldest session.
  @Transactional
  public Begun begin(Caller caller) {
    String token = caller.principal().id();
    Instant now = clock.instant();
    database
        .sql(
            """
            DELETE FROM compute.console_session WHERE id IN (
              SELECT id FROM compute.console_session WHERE token_id = ?
              ORDER BY id DESC OFFSET ?)
            """)
        .params(token, OF_TOKEN_MAX - 1)
        .update();
    requireRoom(caller.accountId(), now);
    SessionSecret secret = SessionSecret.random(random);
    String id = ids.next("ses-");
    Instant end = now.plus(ConsoleSessions.LASTS);
    database
        .sql(
            "INSERT INTO compute.console_session (id, digest, token_id, account_id, sealed_token,"
                + " created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)")
        .params(
            id,
            secret.digest(),
            token,
            caller.accountId(),
            secret.seal(Objects.requireNonNull(caller.bearer()), random),
            Timestamp.from(now),
            Timestamp.from(end))
        .update();
    audit.done(caller, Action.of("CreateSession"), List.of(id));
    return new Begun(secret, end);
  }

  private void requireRoom(String accountId, Instant now) {
    int held =
        database
            .sql(
                "SELECT count(*) FROM compute.console_session"
                    + " WHERE account_id = ? AND expires_at > ?")
            .params(accountId, Timestamp.from(now))
            .query(Integer.class)
            .single();
    if (held >= OF_ACCOUNT_MAX) {
      throw Refused.conflict(
          "quota_exceeded",
          "the account has "
              + held
              + " sessions of the console and may have "
              + OF_ACCOUNT_MAX
              + ": sign out elsewhere, or revoke a token to end its sessions");
    }
  }

  public void end(String sessionId) {
    database.sql("DELETE FROM compute.console_session WHERE id = ?").param(sessionId).update();
  }

  @Transactional
  public void end(Caller caller, String sessionId) {
    end(sessionId);
    audit.done(caller, Action.of("DeleteSession"), List.of(sessionId));
  }

  public void expire() {
    database
        .sql(
            """
            DELETE FROM compute.console_session WHERE id IN (
              SELECT id FROM compute.console_session
              WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)
            """)
        .params(Timestamp.from(clock.instant()), EXPIRED_MAX)
        .update();
  }
}
