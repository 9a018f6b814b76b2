/** The roles in the order they are offered. */
import type { Role } from "@/lib/desk";

export const ROLES: readonly Role[] = [
  "counter_clerk",
  "claims_assessor",
  "complaint_handler",
  "investigator",
  "report_reviewer",
  "manager",
  "superior_approver",
  "auditor",
  "administrator",
];
