package io.github.httpreport.examples.doctor;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** Asks the resolver of this machine for the addresses of a host. */
final class NameLookUp {

  private static final String STEP = "name look-up";

  private final Duration timeout;

  NameLookUp(Duration timeout) {
    this.timeout = timeout;
  }

  /**
   * The result of a look-up.
   *
   * @param addresses empty if it failed
   */
  record Result(Finding finding, List<InetAddress> addresses) {}

  Result check(String subject, String host) {
    try {
      List<InetAddress> addresses = addressesOf(host);
      String text =
          addresses.stream().map(InetAddress::getHostAddress).collect(Collectors.joining(", "));
      Finding found =
          Finding.ok(subject, STEP, host.equals(text) ? text + " is an address" : text)
              .with("addresses", addresses.stream().map(InetAddress::getHostAddress).toList());
      return new Result(found, addresses);
    } catch (ExecutionException unknown) {
      return failed(subject, "unknown host " + host);
    } catch (TimeoutException silent) {
      return failed(subject, "the look-up of " + host + " took over " + timeout.toMillis() + " ms");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return failed(subject, "the look-up of " + host + " was interrupted");
    }
  }

  /** On a thread of its own, because no look-up can be given up. */
  private List<InetAddress> addressesOf(String host)
      throws InterruptedException, ExecutionException, TimeoutException {
    CompletableFuture<List<InetAddress>> looked = new CompletableFuture<>();
    Thread resolver =
        new Thread(
            () -> {
              try {
                looked.complete(Arrays.asList(InetAddress.getAllByName(host)));
              } catch (Exception unknown) {
                looked.completeExceptionally(unknown);
              }
            },
            "http-report-look-up");
    resolver.setDaemon(true);
    resolver.start();
    return looked.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static Result failed(String subject, String detail) {
    return new Result(Finding.failed(subject, STEP, detail), List.of());
  }
}
