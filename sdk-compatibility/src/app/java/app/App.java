package app;

import io.github.httpreport.HttpProxySender;
import io.github.httpreport.RetryPolicy;
import io.github.httpreport.TlsSettings;
import io.github.httpreport.error.NoNodeAvailableException;
import io.github.httpreport.spool.SpoolException;
import io.github.httpreport.spool.SpoolSettings;
import io.github.httpreport.testkit.LocalCluster;
import java.nio.file.Path;
import java.util.List;

/** Sends on the module path and prints what went well; ends with an exception otherwise. */
public final class App {

  private App() {}

  /**
   * Runs.
   *
   * @param args whether the optional libraries are there, the port of a trusted TLS server, that of
   *     one for another host, the file with the trusted certificate, and a directory for a spool
   */
  public static void main(String[] args) throws Exception {
    boolean optional = Boolean.parseBoolean(args[0]);
    System.out.println("passed module " + HttpProxySender.class.getModule().isNamed());
    try (LocalCluster cluster = LocalCluster.builder().nodes(2).topic("group", "stream").start()) {
      HttpProxySender.Builder builder = HttpProxySender.builder().manager(cluster.managerUrl());
      if (optional) {
        Meters.countWith(builder);
        builder.spool(SpoolSettings.in(Path.of(args[4])));
      } else {
        refuseSpool(SpoolSettings.in(Path.of(args[4])));
      }
      try (HttpProxySender sender = builder.build()) {
        sender.send(List.of("a"), "group", "stream");
        sender.sendAsync(List.of("b"), "group", "stream").get();
        sender.enqueue("c", "group", "stream").get();
      }
      System.out.println("passed sends " + cluster.storedCount());
    }
    TlsSettings tls = TlsSettings.builder().trustCertificates(Path.of(args[3])).build();
    try (HttpProxySender sender = secure(tls, args[1])) {
      sender.send(List.of("a"), "group", "stream");
      sender.sendAsync(List.of("b"), "group", "stream").get();
      System.out.println("passed TLS");
    }
    try (HttpProxySender sender = secure(tls, args[2])) {
      sender.send(List.of("a"), "group", "stream");
    } catch (NoNodeAvailableException e) {
      System.out.println("passed refusal " + e.getMessage().contains("subject alternative"));
    }
    System.exit(0);
  }

  private static HttpProxySender secure(TlsSettings tls, String port) {
    return HttpProxySender.builder()
        .nodes("https://127.0.0.1:" + port)
        .tls(tls)
        .retry(RetryPolicy.builder().maxAttempts(1).build())
        .build();
  }

  private static void refuseSpool(SpoolSettings spool) {
    try (HttpProxySender sender =
        HttpProxySender.builder().nodes("127.0.0.1:1").spool(spool).build()) {
      throw new AssertionError("a spool without its library: " + sender);
    } catch (SpoolException e) {
      System.out.println("passed refused spool " + e.getMessage().contains("h2-mvstore"));
    }
  }
}
