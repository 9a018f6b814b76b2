-- Segments of the search index are merged in pauses (checkpoint.rs), not by the commit that happens to find four of them.
-- So many may wait: an import, or a clerk who never pauses.
insert into search_text (search_text, rank) values ('automerge', 0);
insert into search_text (search_text, rank) values ('crisismerge', 256);
