alter table operation add column run uuid;
comment on column operation.run is 'who works on it; writes of an earlier run are refused';
