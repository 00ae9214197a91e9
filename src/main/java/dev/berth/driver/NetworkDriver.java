package dev.berth.driver;

import java.util.List;

/** A node's virtual networks. */
public interface NetworkDriver {
    /** Makes a network exist and be active as described. */
    void ensureNetwork(NetworkSpec network);

    /** Removes a network; success if it is gone; IN_USE while an instance is attached. */
    void removeNetwork(String network);

    List<String> networks();

    /** Reserves an address; replaces an earlier reservation of the same interface. */
    void reserve(String network, Lease lease);

    /** Gives a reservation back; success if there is none. */
    void release(String network, Lease lease);

    /** All reservations of a network. */
    List<Lease> reservations(String network);
}
