-- What users asked for. "spec", "disks" and "nics" are the SPI's records as JSON.
create table instance (
    id uuid primary key,
    project uuid not null references project,
    name text not null,
    kind text not null,
    node uuid not null references node,
    image uuid references image,
    phase text not null,
    desired_state text not null,
    cpus int not null,
    max_cpus int not null,
    memory bigint not null,
    max_memory bigint not null,
    disks jsonb not null,
    nics jsonb not null,
    spec jsonb not null,
    deletion_protection boolean not null,
    created_at timestamptz not null,
    version bigint not null default 0,
    unique (project, name)
);
create index instance_name on instance (name, id);
create index instance_node on instance (node);
create index instance_image on instance (image);

-- What the node says; written by the state reporter only.
create table instance_observed (
    instance uuid primary key references instance on delete cascade,
    state text not null,
    reason text,
    addresses text[] not null,
    started_at timestamptz,
    observed_at timestamptz not null
);

create table snapshot (
    id uuid primary key,
    instance uuid not null references instance on delete cascade,
    name text not null,
    with_memory boolean not null,
    state text not null,
    created_at timestamptz not null,
    unique (instance, name)
);

create table console_session (
    id uuid primary key,
    instance uuid not null references instance on delete cascade,
    kind text not null,
    ticket bytea not null unique,
    caller jsonb not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    closed_at timestamptz
);
