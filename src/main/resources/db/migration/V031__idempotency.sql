-- One row per Idempotency-Key and caller, written in the transaction that submits the operation.
create table idempotency (
    caller uuid not null,
    key text not null,
    request bytea not null,
    operation uuid not null,
    created_at timestamptz not null,
    primary key (caller, key)
);
create index idempotency_created on idempotency (created_at);
