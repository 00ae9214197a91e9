create table node (
    id uuid primary key,
    name text not null unique,
    link text not null,
    connected boolean not null default false,
    problem text,
    facts jsonb,
    last_seen timestamptz,
    created_at timestamptz not null
);

create table network (
    id uuid primary key,
    node uuid not null references node,
    name text not null,
    subnet text not null,
    gateway text not null,
    domain text not null,
    created_at timestamptz not null,
    unique (node, name)
);

-- An address belongs to one interface; the panel is the only source of addresses.
create table network_address (
    network uuid not null references network,
    address text not null,
    mac text not null,
    nic uuid not null primary key,
    instance uuid not null,
    unique (network, address),
    unique (network, mac)
);
create index network_address_instance on network_address (instance);

create table image (
    id uuid primary key,
    name text not null unique,
    node uuid not null references node,
    state text not null,
    format text,
    sha256 text,
    file_size bigint,
    virtual_size bigint,
    boot jsonb,
    source text not null,
    operation uuid,
    created_at timestamptz not null,
    version bigint not null default 0
);

create table upload (
    id uuid primary key,
    node uuid not null references node,
    owner uuid not null,
    size bigint not null,
    created_at timestamptz not null
);
