-- Registries of OCI images; secrets are sealed with a key that is not in the database.
create table image_registry (
    id uuid primary key,
    host text not null unique,
    username text,
    secret bytea,
    plain_http boolean not null,
    allow_private boolean not null,
    created_at timestamptz not null,
    version bigint not null default 0,
    check ((username is null) = (secret is null))
);
