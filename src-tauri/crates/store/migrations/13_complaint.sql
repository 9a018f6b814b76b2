-- The list of complaints, and what summaries count.
create table complaint (
    id blob primary key not null,
    no text not null,
    status text not null,
    channel text not null,
    received_at text not null,
    complainant text not null,
    -- None before the assessment.
    category text,
    cause text,
    severity text,
    priority integer,
    major integer not null,
    people integer not null,
    handler blob,
    handler_name text,
    clerk_name text not null,
    institution text not null,
    area text not null,
    product_line text not null,
    policy_no text not null,
    claim_no text not null,
    finding text,
    first_contact_at text,
    told_at text,
    closed_at text,
    -- Mean of the follow-up's scores times 100.
    satisfaction integer,
    -- In cents.
    compensation integer,
    created_at text not null,
    updated_at text not null
);
create index complaint_received on complaint (received_at desc);
create index complaint_status on complaint (status, received_at desc);
create index complaint_no on complaint (no);
