-- Since when a machine that runs waits for its next start to get what was changed; null when it has everything.
alter table instance add column restart_needed_since timestamptz;
