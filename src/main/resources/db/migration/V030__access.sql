-- People, their tokens and their sessions. Secrets are stored as SHA-256 of 256 random bits, passwords as bcrypt.
create table app_user (
    id uuid primary key,
    name text not null,
    password_hash text not null,
    role text not null,
    disabled boolean not null default false,
    created_at timestamptz not null,
    version bigint not null default 0
);
create unique index app_user_name on app_user (lower(name));

create table api_token (
    id uuid primary key,
    owner uuid references app_user on delete cascade,
    name text not null,
    prefix text not null,
    hash bytea not null unique,
    role text not null,
    created_at timestamptz not null,
    expires_at timestamptz,
    last_used_at timestamptz
);
create index api_token_owner on api_token (owner);

create table web_session (
    hash bytea primary key,
    owner uuid not null references app_user on delete cascade,
    csrf text not null,
    created_at timestamptz not null,
    last_seen timestamptz not null,
    expires_at timestamptz not null
);
create index web_session_owner on web_session (owner);

create table project (
    id uuid primary key,
    name text not null unique,
    description text not null default '',
    created_at timestamptz not null,
    version bigint not null default 0
);
insert into project (id, name, description, created_at)
values ('01900000-0000-7000-8000-000000000001', 'default', 'Made by Berth; instances live here unless another project is named.', now());
