-- Whether somebody complained about the same policy before.
create index complaint_policy on complaint (policy_no, complainant, received_at) where policy_no <> '';
