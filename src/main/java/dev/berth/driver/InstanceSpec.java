package dev.berth.driver;

/** The part of a definition that only one kind of instance has. */
public sealed interface InstanceSpec permits VmSpec, ContainerSpec {
    /** The kind that this specification belongs to. */
    InstanceKind instanceKind();
}
