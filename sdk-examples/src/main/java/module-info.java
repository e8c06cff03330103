/** Example programs, the command-line tool and the benchmark. */
module io.github.httpreport.examples {
  requires ch.qos.logback.classic;
  requires ch.qos.logback.core;
  requires com.fasterxml.jackson.databind;
  requires info.picocli;
  requires io.netty.buffer;
  requires io.netty.codec.http;
  requires io.netty.common;
  requires io.netty.transport;
  requires io.github.httpreport;
  requires java.net.http;
  requires jdk.management;
  // httpclient5's blocking client needs it and does not say so.
  requires jdk.net;
  // Signals: what a second Ctrl-C does.
  requires jdk.unsupported;
  requires me.tongfei.progressbar;
  requires org.apache.httpcomponents.client5.httpclient5;
  requires org.apache.httpcomponents.core5.httpcore5;
  requires org.slf4j;
  requires static transitive org.jspecify;

  exports io.github.httpreport.examples;

  opens io.github.httpreport.examples to
      info.picocli;
  opens io.github.httpreport.examples.bench to
      info.picocli;
  opens io.github.httpreport.examples.cli to
      info.picocli;
  opens io.github.httpreport.examples.trial to
      info.picocli;
}
