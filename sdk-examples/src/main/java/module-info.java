/** Example programs, the command-line tool and the benchmark. */
module io.github.httpreport.examples {
  requires ch.qos.logback.classic;
  requires ch.qos.logback.core;
  requires info.picocli;
  requires io.github.httpreport;
  requires java.net.http;
  requires me.tongfei.progressbar;
  requires org.slf4j;
  requires static transitive org.jspecify;

  exports io.github.httpreport.examples;

  opens io.github.httpreport.examples to
      info.picocli;
  opens io.github.httpreport.examples.cli to
      info.picocli;
}
