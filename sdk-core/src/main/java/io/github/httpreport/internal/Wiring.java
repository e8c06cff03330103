package io.github.httpreport.internal;

import io.github.httpreport.RetryPolicy;
import io.github.httpreport.SenderMetrics;
import io.github.httpreport.spool.SpoolSettings;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/** Puts the parts of a line together. */
final class Wiring {

  /** For the Manager and for probes, besides the reports on the way. */
  private static final int SPARE_CONNECTIONS = 16;

  /** For a batch from the spool whose group may take nothing. */
  private static final int ATTEMPTS_ON_TRIAL = 2;

  private Wiring() {}

  static Line line(
      SenderSettings settings,
      Transport transport,
      GroupShares groups,
      Timer timer,
      Executor saving,
      SenderMetrics metrics) {
    DoubleSupplier random = () -> ThreadLocalRandom.current().nextDouble();
    NodeTable table =
        new NodeTable(
            settings.selector(),
            new NodeProbe(settings.protocol(), transport),
            timer,
            metrics,
            random);
    NodeDirectory directory =
        new NodeDirectory(
            settings.nodeSource(),
            transport,
            table,
            new Snapshots(settings.snapshots(), saving),
            timer,
            random);
    return new Line(
        settings.protocol(),
        directory,
        table,
        new Limits(settings.protocol(), directory, timer),
        new AckHistory(timer),
        groups,
        new FirstRequests(),
        transport,
        settings.retry(),
        new Retries(settings.name(), settings.retry(), random),
        timer,
        random,
        metrics,
        Undelivered.NOWHERE);
  }

  static SpoolDisk disk(
      SenderSettings settings,
      SpoolSettings spool,
      SpoolDisk.Opener opener,
      Ledger ledger,
      Timer timer,
      SenderMetrics metrics) {
    return new SpoolDisk(spool, opener, settings.protocol().name(), ledger, timer, metrics);
  }

  static SpoolDrain drain(
      SenderSettings settings,
      SpoolSettings spool,
      SpoolDisk disk,
      Line line,
      Room room,
      Runnable wake) {
    return new SpoolDrain(
        disk,
        line,
        new Retries(settings.name(), onTrial(settings.retry()), line.random()),
        room,
        settings.maxInFlight(),
        spool.maxAge(),
        wake);
  }

  /** Few attempts, one of them perhaps at another node: the spool itself tries again. */
  private static RetryPolicy onTrial(RetryPolicy policy) {
    return RetryPolicy.builder()
        .maxAttempts(Math.min(policy.maxAttempts(), ATTEMPTS_ON_TRIAL))
        .backoff(policy.initialBackoff(), policy.maxBackoff())
        .build();
  }

  static Transport transport(SenderSettings settings, Timer timer, Completions completions) {
    TransportSettings transport =
        new TransportSettings(
            settings.name(),
            settings.connectTimeout(),
            settings.requestTimeout(),
            settings.maxInFlight() + SPARE_CONNECTIONS,
            settings.tls(),
            settings.proxy());
    HostNames names = new NameLookups(settings.name());
    return settings.proxy() == null
        ? new BlockingTransport(new HttpTransport(transport, timer, names), transport, timer)
        : new ProxyTransport(transport, settings.proxy(), timer, names);
  }
}
