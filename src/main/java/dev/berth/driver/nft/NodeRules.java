package dev.berth.driver.nft;

import dev.berth.driver.InstanceKind;
import dev.berth.ffi.Nft;
import dev.berth.kernel.BerthException;
import dev.berth.kernel.ErrorCode;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The tables of one agent. Every change is one transaction of the kernel; what does not fit what the kernel has (somebody flushed the
 * rules, or an older version made other sets) makes the tables anew from what is known.
 */
public final class NodeRules implements AutoCloseable {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,30}");

    private final String table;
    private final ProjectNumbers projects;
    private final Supplier<Nft> opening;
    private final Map<InstanceKind, PortRules> ports = new EnumMap<>(InstanceKind.class);
    private List<GuardedNetwork> networks = List.of();
    private @Nullable Nft nft;
    private boolean declared;

    /** The tables of this name; nothing is loaded or changed before the first rule. */
    public NodeRules(String table, ProjectNumbers projects) {
        this(table, projects, Nft::open);
    }

    NodeRules(String table, ProjectNumbers projects, Supplier<Nft> opening) {
        if (!NAME.matcher(table).matches()) {
            throw BerthException.of(ErrorCode.INVALID_ARGUMENT, "A table's name is of lower-case letters and digits.");
        }
        this.table = table;
        this.projects = projects;
        this.opening = opening;
        for (InstanceKind kind : InstanceKind.values()) {
            ports.put(kind, new PortRules(this, kind));
        }
    }

    /** The rules of one kind of instance. */
    public PortRules ports(InstanceKind kind) {
        PortRules found = ports.get(kind);
        if (found == null) {
            throw new IllegalStateException("no rules for " + kind);
        }
        return found;
    }

    /** Opens the packet filter before this process has many files open; where there is none, the first rule tells. */
    public synchronized void open() {
        try {
            run("");
        } catch (Nft.Refused e) {
            System.getLogger(NodeRules.class.getName()).log(System.Logger.Level.DEBUG, "no packet filter yet", e);
        }
    }

    /** Replaces the networks that the node translates addresses for. */
    public synchronized void networks(Collection<GuardedNetwork> wanted) {
        List<GuardedNetwork> before = networks;
        networks = List.copyOf(wanted);
        try {
            apply(NetworkElements.replacing(table, networks));
        } catch (BerthException e) {
            networks = before;
            throw e;
        }
        networks.forEach(network -> Loopback.allow(network.bridge()));
        passForward();
    }

    /**
     * Lets the networks through a {@code FORWARD} chain whose policy is drop.
     *
     * @return whether nothing that is known is in their way
     */
    public synchronized boolean passForward() {
        if (networks.isEmpty()) {
            return true;
        }
        String listing;
        try {
            listing = run(ForwardPolicy.LIST);
        } catch (Nft.Refused e) {
            return true; // There is no such chain.
        }
        try {
            String remedy = ForwardPolicy.remedy(listing, networks);
            if (!remedy.isEmpty()) {
                run(remedy);
            }
            return true;
        } catch (Nft.Refused e) {
            System.getLogger(NodeRules.class.getName()).log(System.Logger.Level.WARNING, e.getMessage());
            return false;
        }
    }

    /** Makes changes; the tables exist then. */
    synchronized void apply(String changes) {
        try {
            run((declared ? RuleText.check(table) : RuleText.declaration(table)) + changes);
        } catch (Nft.Refused e) {
            rebuild(e);
        }
        declared = true;
    }

    /** Whether another instance, of whichever kind, has the published port that the element is. */
    boolean taken(UUID instance, Element element) {
        return !element.claim().isEmpty() && ports.values().stream().anyMatch(rules -> rules.has(instance, element));
    }

    int number(String project) {
        return projects.of(project);
    }

    /** The tables' name. */
    public String name() {
        return table;
    }

    private void rebuild(Nft.Refused because) {
        System.getLogger(NodeRules.class.getName())
                .log(System.Logger.Level.WARNING, "making the packet filter anew: " + because.getMessage());
        StringBuilder text = new StringBuilder(RuleText.removal(table))
                .append(RuleText.declaration(table))
                .append(NetworkElements.replacing(table, networks));
        ports.values().forEach(rules -> text.append(rules.known()));
        try {
            run(text.toString());
        } catch (Nft.Refused e) {
            declared = false;
            throw BerthException.of(
                    ErrorCode.DRIVER_FAILED, "The node's packet filter refuses Berth's rules: " + e.getMessage(), e);
        }
    }

    private String run(String commands) {
        Nft context = nft;
        if (context == null) {
            context = opening.get();
            nft = context;
        }
        return context.run(commands);
    }

    /** Removes both tables from the kernel. */
    public synchronized void remove() {
        run(RuleText.removal(table));
        declared = false;
    }

    /** Lets the library go; rules stay. */
    @Override
    public synchronized void close() {
        if (nft != null) {
            nft.close();
            nft = null;
        }
    }
}
