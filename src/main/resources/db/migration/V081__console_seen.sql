-- When a controller last said that it has this console open.
alter table console_session add column seen_at timestamptz;
create index console_session_instance on console_session (instance) where closed_at is null;
