package brume.billing.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Which addresses a tenant's webhook may lead to; none of these is looked up.
class PublicAddressesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.7",
        "203.0.113.9",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fec0::1",
        "fc00::1",
        "fd12:3456::1",
        "ff02::1",
        "::ffff:10.0.0.1",
        "::ffff:127.0.0.1",
        "64:ff9b::a00:1",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:a00:1::",
        "3fff::1",
        "::7f00:1"
      })
  void theseAreNot(String address) throws UnknownHostException {
    assertThat(PublicAddresses.contains(InetAddress.getByName(address))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1", "9.255.255.255", "11.0.0.1", "100.63.0.1", "100.128.0.1", "172.15.0.1",
        "172.32.0.1", "192.0.1.1", "192.167.0.1", "198.17.0.1", "198.20.0.1", "203.0.114.1",
        "223.255.255.254", "2606:4700::1111", "2a00:1450::1", "2001:4860::8888"
      })
  void theseAre(String address) throws UnknownHostException {
    assertThat(PublicAddresses.contains(InetAddress.getByName(address))).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                          | url must have 1 to 500
          example.com                 | url must begin with https://
          http://example.com          | url must begin with https://
          ftp://example.com           | url must begin with https://
          https:///x                  | url must have a host
          https://u:p@example.com     | url must have a host, and neither user
          https://example.com/#x      | url must have a host, and neither user
          https://example.com:0/      | url must have a port
          https://example.com:70000/  | url must have a port
          https://example.com/ü       | url must be ASCII
          https://exa mple.com/       | url must be a URL such as
          """)
  void anAddressThatCanNotBeSaysWhy(String url, String fault) {
    assertThatThrownBy(() -> WebhookAddress.of(url, false)).hasMessageContaining(fault);
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          https://example.com,            true,  example.com, 443,  /,    example.com
          https://example.com:8443/a?b=c, true,  example.com, 8443, /a?b=c, example.com:8443
          http://127.0.0.1:9/x,           false, 127.0.0.1,   9,    /x,   127.0.0.1:9
          https://[2001:db8::1]/x,        true,  2001:db8::1, 443,  /x,   [2001:db8::1]
          """)
  void anAddressIsTakenApart(
      String url, boolean tls, String host, int port, String path, String authority) {
    WebhookAddress address = WebhookAddress.of(url, true);
    assertThat(address).isEqualTo(new WebhookAddress(tls, host, port, path));
    assertThat(address.authority()).isEqualTo(authority);
  }
}
