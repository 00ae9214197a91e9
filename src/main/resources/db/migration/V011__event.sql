-- The outbox. "xid" is the writing transaction: readers take only rows of transactions before which all have ended,
-- in the order (xid, id), so that nothing can appear behind a reader's back.
create table event (
    id bigint generated always as identity primary key,
    xid xid8 not null default pg_current_xact_id(),
    sequence bigint,
    type text not null,
    project uuid,
    subject_kind text not null,
    subject_id uuid not null,
    subject_name text not null,
    actor text not null,
    at timestamptz not null,
    data jsonb not null
);
create unique index event_sequence on event (sequence) where sequence is not null;
create index event_unsequenced on event (xid, id) where sequence is null;
create sequence event_sequence_seq;

create function event_bell() returns trigger language plpgsql as $$
begin
    perform pg_notify('berth_event', '');
    return null;
end
$$;
create trigger event_bell after insert on event for each statement execute function event_bell();
