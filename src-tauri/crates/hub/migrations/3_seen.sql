-- When each desk last asked for what others did. Beside the device's row, which pushes hold.
create table seen (
    stream text not null,
    device uuid not null,
    -- Milliseconds since 1970 by the hub's clock.
    seen_at bigint not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (stream, device)
);
