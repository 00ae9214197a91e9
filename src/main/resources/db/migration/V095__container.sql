-- What an OCI image says of itself; also written by the image feature's own migration, whichever comes first.
alter table image add column if not exists oci jsonb;

-- How a container's process ended last, and what its health check says.
alter table instance_observed add column exit jsonb;
alter table instance_observed add column health text;
