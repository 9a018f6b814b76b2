-- Many desks and one hub. Other desks' records may share numbers and names with ours, so those indexes are no longer
-- unique; the log learns where an operation stands in its stream.

-- Rebuilt because SQLite cannot change a check constraint.
create table operation_2 (
    id blob primary key not null,
    device blob not null,
    incarnation integer not null,
    seq integer not null,
    hash blob not null,
    actor blob not null,
    command text not null,
    -- 'unsent', 'acked' (a hub has it durably), 'confirmed' (applied in the hub's order).
    state text not null check (state in ('unsent', 'acked', 'confirmed')),
    -- Its number in the hub's stream; null until it came back from there.
    position integer,
    -- The hub's verdict as JSON; null while there is none.
    verdict text,
    body blob not null,
    created_at text not null
);
insert into operation_2 (id, device, incarnation, seq, hash, actor, command, state, body, created_at)
select id, device, incarnation, seq, hash, actor, command, state, body, created_at from operation;
drop table operation;
alter table operation_2 rename to operation;
-- Not unique: after a clone two operations may carry one number until the desk goes on as a new incarnation.
create index operation_chain on operation (device, incarnation, seq);
create index operation_unsent on operation (device, incarnation, seq) where state = 'unsent';
create index operation_pending on operation (state) where state <> 'confirmed';
create index operation_position on operation (position) where position is not null;

-- How far each stream was followed.
create table stream (
    name text primary key not null,
    cursor integer not null,
    -- The hub's head when it was last seen.
    head integer not null,
    -- Sum over the stream's records as they were after `cursor`.
    digest text not null,
    -- 1 while the stream is built anew beside the records in use.
    rebuilding integer not null default 0,
    created_at text not null,
    updated_at text not null
) without rowid;

-- Records of a stream being built anew.
create table rebuilt (
    kind text not null,
    id blob not null,
    doc text not null,
    created_at text not null,
    primary key (kind, id)
) without rowid;

-- Records of the organisation's stream: read here, never written.
create table reference (
    kind text not null,
    id blob not null,
    doc text not null,
    created_at text not null,
    primary key (kind, id)
) without rowid;

create table device_certificate (
    device blob primary key not null,
    public_key blob not null,
    body blob not null,
    signature blob not null,
    created_at text not null
) without rowid;

-- Operations that came down the stream from a newer version: applied after an upgrade.
create table waiting (
    stream text not null,
    position integer not null,
    id blob not null,
    body blob not null,
    created_at text not null,
    primary key (stream, position)
) without rowid;

-- Own operations the hub keeps for review instead of applying them.
create table parked (
    id blob primary key not null,
    reason text not null,
    created_at text not null
) without rowid;

-- Other desks' operations this desk brings to the hub: carried in by a file, or lost by the hub.
create table relay (
    device blob not null,
    incarnation integer not null,
    seq integer not null,
    position integer,
    body blob not null,
    created_at text not null,
    primary key (device, incarnation, seq)
) without rowid;

-- Files that operations refer to, and whether the hub has all of each.
create table file_ref (
    sha256 blob primary key not null,
    at_hub integer not null default 0,
    created_at text not null,
    updated_at text not null
) without rowid;
insert into file_ref (sha256, created_at, updated_at) select sha256, created_at, created_at from blob_file;

-- What did not fit: fork, digest, hub restored. Shown, never deleted.
create table incident (
    entry integer primary key,
    kind text not null,
    detail text not null,
    created_at text not null
);

create table claim_2 (
    id blob primary key not null,
    no text not null,
    template text not null,
    template_version integer not null,
    policy_no text not null,
    status text not null,
    cause text not null,
    incident_at text not null,
    incident_day text not null,
    registered_at text not null,
    clerk blob not null,
    clerk_name text not null,
    insured text not null,
    reporter text not null,
    missing integer not null,
    claimed_amount text,
    created_at text not null,
    updated_at text not null
);
insert into claim_2 select * from claim;
drop table claim;
alter table claim_2 rename to claim;
create index claim_no on claim (no);
create index claim_registered on claim (registered_at desc);
create index claim_status on claim (status, registered_at desc);
create index claim_policy on claim (policy_no, incident_day);

create table policy_2 (
    id blob primary key not null,
    no text not null,
    product_code text not null,
    holder text not null,
    insured text not null,
    insured_id_no text,
    holder_id_no text,
    plate text,
    inception text not null,
    expiry text not null,
    created_at text not null,
    updated_at text not null
);
insert into policy_2 select * from policy;
drop table policy;
alter table policy_2 rename to policy;
create index policy_no on policy (no);
create index policy_insured_id on policy (insured_id_no) where insured_id_no is not null;
create index policy_holder_id on policy (holder_id_no) where holder_id_no is not null;

create table product_2 (
    id blob primary key not null,
    code text not null,
    name text not null,
    template text,
    created_at text not null,
    updated_at text not null
);
insert into product_2 select * from product;
drop table product;
alter table product_2 rename to product;
create index product_code on product (code);

create table account_2 (
    id blob primary key not null,
    user text not null,
    created_at text not null,
    updated_at text not null
);
insert into account_2 select * from account;
drop table account;
alter table account_2 rename to account;
create index account_user on account (user);
