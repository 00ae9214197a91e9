-- Long work. The journal holds finished steps and small data; "seq" is the order within a queue.
create table operation (
    id uuid primary key,
    seq bigint generated always as identity,
    type text not null,
    parameters jsonb not null,
    project uuid,
    subject_kind text not null,
    subject_id uuid not null,
    subject_name text not null,
    queue_key text not null,
    actor text not null,
    state text not null,
    cancel_requested boolean not null default false,
    journal jsonb not null,
    progress jsonb,
    waiting_for text,
    failure jsonb,
    created_at timestamptz not null,
    started_at timestamptz,
    finished_at timestamptz
);
create index operation_queue on operation (queue_key, seq) where state in ('QUEUED', 'RUNNING', 'UNDOING');
create index operation_project on operation (project, id desc);
create index operation_subject on operation (subject_id, id desc);
create index operation_finished on operation (finished_at) where finished_at is not null;

create table operation_log (
    operation uuid not null references operation on delete cascade,
    line bigint generated always as identity,
    at timestamptz not null,
    text text not null,
    primary key (operation, line)
);

-- db-scheduler's table, as its documentation gives it for PostgreSQL.
create table scheduled_tasks (
    task_name text not null,
    task_instance text not null,
    task_data bytea,
    execution_time timestamptz not null,
    picked boolean not null,
    picked_by text,
    last_success timestamptz,
    last_failure timestamptz,
    consecutive_failures int,
    last_heartbeat timestamptz,
    version bigint not null,
    priority smallint,
    primary key (task_name, task_instance)
);
create index scheduled_tasks_due on scheduled_tasks (execution_time);
create index scheduled_tasks_heartbeat on scheduled_tasks (last_heartbeat);
