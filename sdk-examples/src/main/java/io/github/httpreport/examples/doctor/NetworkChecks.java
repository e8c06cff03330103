package io.github.httpreport.examples.doctor;

import io.github.httpreport.http.Origin;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** Everything below HTTP: look-up, connection, TLS. A step that fails ends them. */
final class NetworkChecks {

  private final Network network;
  private final NameLookUp lookUp;
  private final ConnectionCheck connection;
  private final TlsCheck tls;

  NetworkChecks(Network network, Clock clock) {
    this.network = network;
    lookUp = new NameLookUp(network.connectTimeout());
    connection = new ConnectionCheck(network.connectTimeout());
    tls = new TlsCheck(network, new Dialer(network), clock);
  }

  List<Finding> check(String subject, Origin origin) {
    List<Finding> findings = new ArrayList<>();
    Origin next = network.proxy().orElse(origin);
    String server = network.proxy().isPresent() ? subject + ", proxy " + next.authority() : subject;
    NameLookUp.Result found = lookUp.check(server, next.host());
    findings.add(found.finding());
    if (found.addresses().isEmpty()) {
      return findings;
    }
    ConnectionCheck.Result connected =
        connection.check(server, next.authority(), found.addresses(), next.port());
    findings.add(connected.finding());
    connected
        .reachable()
        .filter(address -> origin.secure())
        .ifPresent(address -> findings.add(tls.check(subject, origin, address)));
    return findings;
  }
}
