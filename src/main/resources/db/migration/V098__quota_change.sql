-- Changes of counters that are not added to them yet: written without a lock, so that those who count do not wait for each other.
create table quota_change (
    id bigint generated always as identity primary key,
    project uuid not null,
    resource text not null,
    used bigint not null,
    reserved bigint not null
);
create index quota_change_project on quota_change (project);

create view quota_usage as
select project, resource, max(max_amount) as max_amount, sum(used)::bigint as used, sum(reserved)::bigint as reserved
from (
    select project, resource, max_amount, used, reserved from quota_counter
    union all
    select project, resource, null, used, reserved from quota_change
) as part
group by project, resource;
