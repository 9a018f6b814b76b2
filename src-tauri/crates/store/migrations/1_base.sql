-- Conventions: lower case; ids are 16-byte blobs (UUIDv7); times are RFC 3339 text; documents are JSON text.
-- A record table is written only by the projection of an operation (src/project.rs).

-- Facts about this file: device, incarnation, slot of the recovery code.
create table meta (
    key text primary key,
    value text not null
) without rowid;

-- The log: one row per business command, hash-chained per (device, incarnation).
create table operation (
    id blob primary key not null,
    device blob not null,
    incarnation integer not null,
    seq integer not null,
    hash blob not null,
    actor blob not null,
    command text not null,
    -- 'unsent' until a hub has acknowledged it, then 'confirmed'.
    state text not null check (state in ('unsent', 'confirmed')),
    body blob not null,
    created_at text not null,
    unique (device, incarnation, seq)
);
create index operation_unsent on operation (seq) where state = 'unsent';

-- Every record, whole: the state that operations add up to. Lists use the narrower tables below.
create table record (
    kind text not null,
    id blob not null,
    owner blob,
    doc text not null,
    updated_at text not null,
    primary key (kind, id)
) without rowid;
create index record_owner on record (owner, kind) where owner is not null;

-- What a record was before the first unacknowledged operation touched it (null doc: it was not there).
create table shadow (
    kind text not null,
    id blob not null,
    doc text,
    created_at text not null,
    primary key (kind, id)
) without rowid;

create table claim (
    id blob primary key not null,
    no text not null unique,
    template text not null,
    template_version integer not null,
    policy_no text not null,
    status text not null,
    cause text not null,
    incident_at text not null,
    -- The day in Asia/Shanghai, for the search for duplicates.
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
create index claim_registered on claim (registered_at desc);
create index claim_status on claim (status, registered_at desc);
create index claim_policy on claim (policy_no, incident_day);

create table claim_party (
    claim blob not null,
    party blob not null,
    role text not null,
    created_at text not null,
    updated_at text not null,
    primary key (claim, party, role)
) without rowid;
create index claim_party_party on claim_party (party);

create table party (
    id blob primary key not null,
    kind text not null,
    name text not null,
    id_no text,
    mobile text,
    created_at text not null,
    updated_at text not null
);
create index party_id_no on party (id_no) where id_no is not null;
create index party_name on party (name);

create table policy (
    id blob primary key not null,
    no text not null unique,
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
create index policy_insured_id on policy (insured_id_no) where insured_id_no is not null;
create index policy_holder_id on policy (holder_id_no) where holder_id_no is not null;

create table product (
    id blob primary key not null,
    code text not null unique,
    name text not null,
    template text,
    created_at text not null,
    updated_at text not null
);

create table account (
    id blob primary key not null,
    user text not null unique,
    created_at text not null,
    updated_at text not null
);

-- One row per thing that can be found; rowid rises, so newer things come first.
create table search_entry (
    entry integer primary key,
    kind text not null,
    id blob not null,
    no text not null,
    title text not null,
    subtitle text not null,
    -- What search_key holds for this entry, as a JSON list: needed to take it out again.
    keys text not null,
    created_at text not null,
    updated_at text not null,
    unique (kind, id)
);

-- Single characters, pairs of characters and Latin words. detail=none: pairs make phrases needless.
create virtual table search_text using fts5 (
    tokens,
    content = '',
    contentless_delete = 1,
    detail = none,
    tokenize = "unicode61 remove_diacritics 0"
);

-- Numbers from the front, reversed numbers (marked '<') for tails, pinyin and initials: found by prefix.
create table search_key (
    key text not null,
    -- Negative, so that the newest comes first within a key.
    newest integer not null,
    primary key (key, newest)
) without rowid;

-- Work in progress of this desk: not a record, never synced, gone when finished.
create table draft (
    id blob primary key not null,
    account blob not null,
    template text not null,
    template_version integer not null,
    created_at text not null,
    updated_at text not null
);
create table draft_field (
    draft blob not null references draft (id) on delete cascade,
    path text not null,
    value text not null,
    updated_at text not null,
    primary key (draft, path)
) without rowid;

-- Sealed files in the profile's folder: one row per content, however often it is attached.
create table blob_file (
    sha256 blob primary key not null,
    size integer not null,
    key blob not null,
    created_at text not null
);

-- Failed log-ins per user name, so that back-off survives a restart.
create table login_failure (
    user text primary key,
    failures integer not null,
    last_at text not null
) without rowid;
