-- Published ports of nodes. An empty address stands for all of the node's addresses.
create table publication (
    node uuid not null references node,
    protocol text not null,
    port int not null,
    address text not null,
    instance uuid not null references instance on delete cascade,
    instance_port int not null,
    primary key (node, protocol, port, address)
);
create index publication_instance on publication (instance);
