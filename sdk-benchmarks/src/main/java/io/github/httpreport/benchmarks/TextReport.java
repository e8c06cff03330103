package io.github.httpreport.benchmarks;

import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** What came out, for people. */
final class TextReport {

  private static final String HEAD = "%-50s %12s %-22s %10s %9s %9s %9s %10s %10s%n";
  private static final String LIMIT = "%-54s %-14s %-14s %-20s%n";
  private static final String TARGET = "%-54s %-14s %-14s %-20s %s%n";

  private final Results results;
  private final StringBuilder text = new StringBuilder();

  private TextReport(Results results) {
    this.results = results;
  }

  static String of(Results results) {
    TextReport report = new TextReport(results);
    results.blocks().stream().filter(b -> !b.turns().isEmpty()).forEach(report::addBlock);
    report.addConditions();
    report.addTargets();
    report.addLimits();
    return report.text.toString();
  }

  private void append(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values));
  }

  private void addBlock(Measured block) {
    append(
        HEAD,
        "",
        "messages/s",
        "",
        "requests/s",
        "median us",
        "p99 us",
        "CPU us",
        "extra B",
        "extra B");
    append(
        HEAD,
        block.block().name(),
        "median",
        "min..max",
        "",
        "",
        "",
        "/message",
        "/request",
        "/message");
    block.turns().keySet().forEach(scenario -> addRow(block, scenario));
    append("%n");
  }

  private void addRow(Measured block, Scenario scenario) {
    Summary speed = block.figures(scenario, Sample::messagesPerSecond);
    boolean counted = results.plan().server() == ServerKind.lean;
    boolean timed = scenario.kind().isBlocking();
    // A ready-made request is encoded before.
    boolean encodes = counted && scenario.kind() != MessageKind.RAW;
    append(
        HEAD,
        scenario.name(),
        number(speed.median(), "%,.0f"),
        range(speed, "%,.0f"),
        figure(block, scenario, Sample::requestsPerSecond, counted ? "%,.0f" : ""),
        figure(block, scenario, Sample::medianMicros, timed ? "%,.1f" : ""),
        figure(block, scenario, Sample::p99Micros, timed ? "%,.1f" : ""),
        figure(block, scenario, Sample::cpuMicrosPerMessage, "%,.2f"),
        figure(block, scenario, Sample::extraBytesPerRequest, encodes ? "%,.0f" : ""),
        figure(block, scenario, Sample::extraBytesPerMessage, encodes ? "%,.0f" : ""));
  }

  private static String figure(
      Measured block, Scenario scenario, ToDoubleFunction<Sample> figure, String format) {
    return format.isEmpty() ? "-" : number(block.figures(scenario, figure).median(), format);
  }

  private static String range(Summary summary, String format) {
    return number(summary.min(), format) + ".." + number(summary.max(), format);
  }

  private static String number(double value, String format) {
    return String.format(Locale.ROOT, format, value);
  }

  private void addConditions() {
    Plan plan = results.plan();
    append(
        "Rounds of %s s for each: %d. Server: %s. Extra: allocated beyond the encoded bytes.%n",
        plan.seconds(), plan.rounds(), plan.server());
    append("%s%n%n", Machine.describe());
  }

  private void addTargets() {
    append(TARGET, "target", "", "measured", "min..max", "");
    for (BenchTarget target : results.targets()) {
      Summary measured = target.measured();
      append(
          TARGET,
          target.name(),
          target.bound().text(),
          measured == null ? "" : target.bound().withUnit(measured.median()),
          measured == null ? "" : range(measured, "%,.2f"),
          target.state().label());
    }
  }

  private void addLimits() {
    append("%n");
    append(LIMIT, "what limits every client", "to raw", "min..max", "this library to it");
    for (Limit limit : results.limits()) {
      append(
          LIMIT,
          limit.name(),
          number(limit.toRaw().median(), "%.2f x"),
          range(limit.toRaw(), "%.2f"),
          number(limit.reached().median(), "%.2f x"));
    }
  }
}
