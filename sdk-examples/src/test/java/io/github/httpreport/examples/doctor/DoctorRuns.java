package io.github.httpreport.examples.doctor;

import io.github.httpreport.examples.CliRun;
import io.github.httpreport.testkit.LocalCluster;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Runs of the doctor in this process. */
final class DoctorRuns {

  private DoctorRuns() {}

  /** Looks at group and stream of a cluster. */
  static CliRun on(LocalCluster cluster, String... more) {
    return onManager(cluster.managerUrl(), more);
  }

  static CliRun onManager(String url, String... more) {
    return inLong(with(more, "--manager", url));
  }

  static CliRun onNode(String address, String... more) {
    return inLong(with(more, "--node", address));
  }

  private static CliRun inLong(String... options) {
    return json(with(options, "--group", "group", "--stream", "stream"));
  }

  /** Looks at another kind of server. */
  static CliRun json(String... options) {
    return CliRun.of(with(options, "doctor", "--json"));
  }

  static CliRun explain(String text) {
    return CliRun.of("doctor", "--json", "--explain", text);
  }

  private static String[] with(String[] last, String... first) {
    List<String> all = new ArrayList<>(Arrays.asList(first));
    all.addAll(Arrays.asList(last));
    return all.toArray(String[]::new);
  }
}
