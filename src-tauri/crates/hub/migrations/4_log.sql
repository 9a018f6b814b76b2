-- The Merkle log over each stream (wire/src/log.rs): the roots of its whole parts, changed under the lock of the head's row.
create table log (
    stream text primary key,
    tree bytea not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
