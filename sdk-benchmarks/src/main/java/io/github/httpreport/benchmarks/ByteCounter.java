package io.github.httpreport.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Counts the bytes of a connection's requests, before they are decoded. */
final class ByteCounter extends ChannelInboundHandlerAdapter {

  private long bytes;

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    bytes += ((ByteBuf) message).readableBytes();
    context.fireChannelRead(message);
  }

  /** What came since the last call. */
  long take() {
    long taken = bytes;
    bytes = 0;
    return taken;
  }
}
