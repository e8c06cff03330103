/** A small application on the module path. */
module app {
  requires io.github.httpreport;
  requires static micrometer.core;
}
