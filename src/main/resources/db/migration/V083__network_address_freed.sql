-- Addresses that DHCP servers may still hold a lease of for an interface that is gone.
create table network_address_freed (
    network uuid not null references network,
    address text not null,
    freed_at timestamptz not null,
    primary key (network, address)
);
create index network_address_freed_at on network_address_freed (freed_at);
