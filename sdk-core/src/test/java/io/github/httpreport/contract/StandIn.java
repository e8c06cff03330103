package io.github.httpreport.contract;

import java.util.List;

/** The test kit's server of a protocol, well and remembering. */
interface StandIn extends AutoCloseable {

  /** Where it is, as {@code HttpProxySender.Builder.nodes} takes it. */
  String address();

  /** The messages it stored, as they were given to the sender, in any order. */
  List<String> bodies();

  @Override
  void close();
}
