-- New keys gather here, in a table small enough to stay in memory, and move to search_key in pauses or many at once
-- (search/keys.rs): a key's place in an index of millions is a page of its own, to be read, changed and written.
create table search_recent (
    key text not null,
    -- As in search_key.
    newest integer not null,
    primary key (key, newest)
) without rowid;
-- A batch of thousands of claims makes one segment of the index instead of many.
insert into search_text (search_text, rank) values ('hashsize', 16777216);
