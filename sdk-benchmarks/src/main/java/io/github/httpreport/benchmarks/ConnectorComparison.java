package io.github.httpreport.benchmarks;

import io.github.httpreport.benchmarks.ConnectorFeeds.Feed;
import io.github.httpreport.examples.cli.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/** What one connector costs beside plain {@code enqueue}: its feeds take turns, round by round. */
final class ConnectorComparison {

  private static final int ENQUEUE = 0;
  private static final int CONNECTOR = 1;
  private static final int ENGINE = 2;

  private final List<Feed> feeds;
  private final List<List<Spent>> turns;
  private final long records;

  ConnectorComparison(ConnectorFeeds of, long records) {
    feeds = new ArrayList<>(List.of(of.enqueue(), of.connector()));
    of.engine().ifPresent(feeds::add);
    turns = feeds.stream().<List<Spent>>map(feed -> new ArrayList<>()).toList();
    this.records = records;
  }

  /** Every second round goes backwards, so that none is always the first. The first warms up. */
  void run(int rounds) throws IOException {
    for (int round = 0; round <= rounds; round++) {
      for (int i = 0; i < feeds.size(); i++) {
        int index = round % 2 == 0 ? i : feeds.size() - 1 - i;
        Spent before = Spent.now();
        feeds.get(index).work().report(records);
        if (round > 0) {
          turns.get(index).add(Spent.now().minus(before));
        }
      }
    }
  }

  /** One row for each feed. */
  void addTo(Table table) {
    for (int i = 0; i < feeds.size(); i++) {
      boolean isCompared = i == CONNECTOR;
      table.row(
          feeds.get(i).label(),
          spread("%,.0f", recordsPerSecond(i)),
          isCompared ? spread("%.2f", speedRatio()) : "",
          spread("%.2f", cpuMicrosPerRecord(i)),
          isCompared ? spread("%.2f", cpuRatio()) : "");
    }
  }

  boolean reaches(double target) {
    return speedRatio().median() >= target && cpuRatio().median() >= target;
  }

  /** What the connector reached, as a line. */
  String verdict(double target) {
    return String.format(
        Locale.ROOT,
        "%s%s: records/s %.2f and records per CPU second %.2f of enqueue%s: at least %.1f",
        reaches(target) ? "ok      " : "MISSED  ",
        feeds.get(CONNECTOR).label(),
        speedRatio().median(),
        cpuRatio().median(),
        feeds.size() > ENGINE ? ", less \"" + feeds.get(ENGINE).label() + '"' : "",
        target);
  }

  private Summary recordsPerSecond(int feed) {
    return Summary.of(turns.get(feed).stream().mapToDouble(turn -> records * 1e9 / turn.nanos()));
  }

  private Summary cpuMicrosPerRecord(int feed) {
    return Summary.of(turns.get(feed).stream().mapToDouble(t -> t.cpuNanos() / 1e3 / records));
  }

  private Summary speedRatio() {
    return ratio(Spent::nanos);
  }

  private Summary cpuRatio() {
    return ratio(Spent::cpuNanos);
  }

  /** The share of enqueue's speed, round by round, because the machine changes less within one. */
  private Summary ratio(ToLongFunction<Spent> figure) {
    return Summary.of(
        IntStream.range(0, turns.get(ENQUEUE).size())
            .mapToDouble(round -> spent(ENQUEUE, round, figure) / ofConnector(round, figure)));
  }

  /** What the connector itself spent, at least one nanosecond. */
  private double ofConnector(int round, ToLongFunction<Spent> figure) {
    double engine = feeds.size() > ENGINE ? spent(ENGINE, round, figure) : 0;
    return Math.max(1, spent(CONNECTOR, round, figure) - engine);
  }

  private double spent(int feed, int round, ToLongFunction<Spent> figure) {
    return figure.applyAsLong(turns.get(feed).get(round));
  }

  private static String spread(String format, Summary summary) {
    return String.format(
        Locale.ROOT,
        format + " (" + format + " to " + format + ")",
        summary.median(),
        summary.min(),
        summary.max());
  }
}
