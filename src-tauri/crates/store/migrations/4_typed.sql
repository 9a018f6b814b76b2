-- What is typed into a form that is no visit (a step of a claim, the decision of a conflict): this desk's own, gone when
-- the form is sent.
create table typed (
    account blob not null,
    place text not null,
    value text not null,
    updated_at text not null,
    primary key (account, place)
) without rowid;
