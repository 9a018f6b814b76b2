-- A stream's records at one number, as sealed chunks in the object store: what a new desk begins with (wire/src/snapshot.rs).
create table snapshot (
    stream text not null,
    seq bigint not null,
    -- CBOR: how it is put together.
    manifest bytea not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (stream, seq)
);
