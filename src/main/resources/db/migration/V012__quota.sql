create table quota_counter (
    project uuid not null,
    resource text not null,
    max_amount bigint,
    used bigint not null default 0,
    reserved bigint not null default 0,
    primary key (project, resource),
    constraint quota_used_not_negative check (used >= 0),
    constraint quota_reserved_not_negative check (reserved >= 0)
);
create table quota_reservation (
    operation uuid not null,
    project uuid not null,
    resource text not null,
    amount bigint not null,
    primary key (operation, project, resource)
);
