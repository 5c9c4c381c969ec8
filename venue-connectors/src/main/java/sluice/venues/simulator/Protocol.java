package sluice.venues.simulator;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A venue's way of speaking, between its servers and the exchange. */
public interface Protocol extends AutoCloseable {
    Http.Service service();

    /** The venue's answer to a request while fault F15 is on; null lets it pass. */
    Http.@Nullable Answer restricted(Fault fault, Http.Request request);

    /** Websockets by path. */
    Map<String, Http.Handshake> sockets();

    @Override
    void close();
}
