-- The Merkle log of each stream as far as it was followed (wire/src/log.rs), and the hub's last signed word about it.
alter table stream add column tree blob;
alter table stream add column checkpoint text;
-- Published records are read anew, with their log.
delete from reference;
delete from stream where name = '@org';
