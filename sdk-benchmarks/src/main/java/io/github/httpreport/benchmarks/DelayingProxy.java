package io.github.httpreport.benchmarks;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Passes bytes on to a server after a delay, in both directions: a network whose round trip takes
 * twice the delay and whose bandwidth is that of this machine. One thread for all connections, so
 * bytes of a connection keep their order.
 */
final class DelayingProxy implements AutoCloseable {

  private final EventLoopGroup thread =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final long delayNanos;

  DelayingProxy(Duration delay) {
    delayNanos = delay.toNanos();
  }

  /** The addresses that stand for these, as {@code host:port}. */
  List<String> inFrontOf(List<Integer> ports) {
    return ports.stream().map(this::listen).map(port -> "127.0.0.1:" + port).toList();
  }

  private int listen(int port) {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(thread)
            .channel(NioServerSocketChannel.class)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.AUTO_READ, false)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel client) {
                    connect(client, port);
                  }
                });
    Channel listener =
        bootstrap.bind(InetAddress.getLoopbackAddress(), 0).syncUninterruptibly().channel();
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  private void connect(Channel client, int port) {
    new Bootstrap()
        .group(client.eventLoop())
        .channel(NioSocketChannel.class)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.AUTO_READ, false)
        .handler(new ChannelInboundHandlerAdapter())
        .connect(InetAddress.getLoopbackAddress(), port)
        .addListener(
            (ChannelFutureListener)
                connected -> {
                  if (connected.isSuccess()) {
                    join(client, connected.channel());
                  } else {
                    client.close();
                  }
                });
  }

  private void join(Channel client, Channel server) {
    client.pipeline().addLast(passTo(server));
    server.pipeline().addLast(passTo(client));
    client.config().setAutoRead(true);
    server.config().setAutoRead(true);
  }

  private ChannelHandler passTo(Channel other) {
    return new ChannelInboundHandlerAdapter() {
      @Override
      public void channelRead(ChannelHandlerContext context, Object bytes) {
        later(other, () -> other.writeAndFlush(bytes));
      }

      @Override
      public void channelInactive(ChannelHandlerContext context) {
        later(other, other::close);
      }

      @Override
      public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
      }
    };
  }

  private void later(Channel other, Runnable action) {
    other.eventLoop().schedule(action, delayNanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    thread.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
