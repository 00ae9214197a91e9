-- "instance" is the one whose image asked for the volume; it is made and removed with it.
create table volume (
    id uuid primary key,
    project uuid not null references project,
    name text not null,
    node uuid not null references node,
    size bigint not null,
    state text not null,
    instance uuid,
    created_at timestamptz not null,
    version bigint not null default 0,
    unique (project, name)
);
create index volume_instance on volume (instance);

-- Containers that are deleted when their process has ended.
create index instance_remove_on_exit on instance (id) where spec @> '{"removeOnExit": true}';
