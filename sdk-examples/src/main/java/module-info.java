/** Example programs, the command-line tool and the benchmark. */
module io.github.httpreport.examples {
  requires info.picocli;
  requires io.github.httpreport;
  requires me.tongfei.progressbar;
  requires org.slf4j;
  requires static transitive org.jspecify;

  exports io.github.httpreport.examples;

  opens io.github.httpreport.examples to
      info.picocli;
}
