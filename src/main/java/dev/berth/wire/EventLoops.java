package dev.berth.wire;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;

/** The threads that move bytes, two for all connections of a process; they run no driver and no caller. */
final class EventLoops {
    private static final EventLoopGroup SHARED = new EpollEventLoopGroup(2, new DefaultThreadFactory("wire-io", true));

    private EventLoops() {}

    static EventLoopGroup shared() {
        return SHARED;
    }
}
