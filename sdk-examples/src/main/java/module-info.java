/** Example programs and the command-line tool. */
module io.github.httpreport.examples {
  requires ch.qos.logback.classic;
  requires ch.qos.logback.core;
  requires com.fasterxml.jackson.databind;
  requires info.picocli;
  requires io.github.httpreport;
  requires io.github.httpreport.testkit;
  requires java.net.http;
  // Signals: what a second Ctrl-C does.
  requires jdk.unsupported;
  requires me.tongfei.progressbar;
  requires org.slf4j;
  requires static transitive org.jspecify;

  exports io.github.httpreport.examples;

  opens io.github.httpreport.examples to
      info.picocli;
  opens io.github.httpreport.examples.cli to
      info.picocli;
}
