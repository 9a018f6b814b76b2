-- A snapshot of a stream that is being taken, chunk by chunk (wire/src/snapshot.rs); gone when it is whole.
create table snapshot (
    stream text primary key,
    -- CBOR: what it is put together from.
    manifest blob not null,
    -- How many chunks it has, and how many of them are here.
    chunks integer not null,
    taken integer not null,
    -- The sum over the records taken, hexadecimal.
    digest text not null,
    created_at text not null,
    updated_at text not null
) without rowid;
