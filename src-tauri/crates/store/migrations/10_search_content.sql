-- The beginning of a hash over all that search keeps of an entry: one that is as it was is not taken out and written again.
alter table search_entry add column content integer;
