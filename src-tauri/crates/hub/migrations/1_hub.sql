-- The hub's tables. Every table of records is keyed by its stream (the branch), so that the database can be split by it;
-- `hub`, `device` and `enrolment` are small and would be copied to every part.

-- The hub itself: one row, so that any number of processes on this database are the same hub.
create table hub (
    single boolean primary key default true check (single),
    -- Changes whenever the database was restored.
    epoch uuid not null,
    -- The device the hub signs operations of the organisation's stream as.
    device uuid not null,
    secret_key bytea not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

create table device (
    id uuid primary key,
    stream text not null,
    role text,
    public_key bytea not null,
    -- Part of case numbers; two desks of a branch never share one.
    device_code text not null,
    certificate_body bytea not null,
    certificate_signature bytea not null,
    revoked_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    unique (stream, device_code)
);

-- One-time codes. Only their hash is kept: whoever reads the table cannot enrol.
create table enrolment (
    code_hash bytea primary key,
    stream text not null,
    role text,
    -- Milliseconds since 1970 by the hub's clock.
    expires_at bigint not null,
    -- Who redeemed it, with which key: an answer that got lost may be asked for again by the same desk.
    used_by uuid,
    used_key bytea,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

-- The row whose lock puts a stream's operations in order: held to commit, so order of numbers is order of commits.
create table head (
    stream text primary key,
    seq bigint not null default 0,
    -- The sum over the stream's records (domain, StateDigest).
    digest bytea not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

-- How far each chain is known.
create table chain (
    stream text not null,
    device uuid not null,
    incarnation bigint not null,
    seq bigint not null,
    -- What the next operation must name as the one before it; null after one that could not be read.
    hash bytea,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (stream, device, incarnation)
);

-- Every operation that was ever received, as its desk signed it.
create table operation (
    stream text not null,
    device uuid not null,
    incarnation bigint not null,
    seq bigint not null,
    hash bytea not null,
    -- Null when the bytes could not be read.
    id uuid,
    -- The position in the stream; null for what was parked, and for what came a second time under another number.
    at bigint,
    -- CBOR of what was decided; null when everything was applied as it was meant.
    verdict bytea,
    -- Why it is in quarantine.
    parked text,
    -- Another operation has its number in the chain.
    forked boolean not null default false,
    body bytea not null,
    received_at bigint not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (stream, device, incarnation, seq, hash)
);
create unique index operation_at on operation (stream, at) where at is not null;
-- An operation has its effect once, whatever number it comes under.
create unique index operation_id on operation (stream, id) where at is not null;
create index operation_parked on operation (stream) where parked is not null;

create table record (
    stream text not null,
    kind text not null,
    id uuid not null,
    -- CBOR: jsonb would change numbers and refuse a zero character.
    fields bytea not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (stream, kind, id)
);

-- Sealed chunks of files that lie in the object store.
create table chunk (
    stream text not null,
    sha256 bytea not null,
    size bigint not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (stream, sha256)
);

create table file (
    stream text not null,
    sha256 bytea not null,
    manifest bytea not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (stream, sha256)
);
