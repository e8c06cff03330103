package io.github.httpreport.examples.cli;

import picocli.CommandLine.IVersionProvider;

/** Version that the jar was built with. */
public final class ToolVersion implements IVersionProvider {

  @Override
  public String[] getVersion() {
    String version = ToolVersion.class.getPackage().getImplementationVersion();
    return new String[] {
      "http-report " + (version == null ? "(not run from its jar)" : version),
      "Java " + System.getProperty("java.version") + ", " + System.getProperty("os.name")
    };
  }
}
