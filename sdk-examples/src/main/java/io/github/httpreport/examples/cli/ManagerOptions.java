package io.github.httpreport.examples.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/**
 * The Managers to ask for nodes. Not final: picocli allows no mix-in within a group of options, so
 * the group that offers nodes instead inherits the option.
 */
class ManagerOptions {

  @Option(
      names = "--manager",
      required = true,
      paramLabel = "URL",
      description = "An InLong Manager, like http://manager:8083. Several are tried in turn.")
  private List<String> managers = new ArrayList<>();

  final List<String> managers() {
    return managers;
  }
}
