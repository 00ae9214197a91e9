-- Reservations that a node's network holds and that this panel did not make: another panel's on the same host, or those of
-- instances that a restored older database does not know. They are never deleted here, and never given out.
create table network_foreign (
    network uuid not null references network on delete cascade,
    address text not null,
    mac text not null,
    seen_at timestamptz not null,
    primary key (network, address)
);
