/** The state of the profile on this computer: absent, locked, ready or unreadable. */
import { useQuery } from "@tanstack/react-query";
import { desk, type ProfileStatus } from "@/lib/desk";

export const PROFILE_KEY = ["profile"] as const;

/** The branch whose profile opened here last: its log-in is drawn while the keyring still answers. */
const STORED = "claims-desk.branch";

function remember(status: ProfileStatus): ProfileStatus {
  if (status.state === "ready") {
    const { branch_code, branch_name } = status;
    localStorage.setItem(STORED, JSON.stringify({ branch_code, branch_name }));
  } else {
    localStorage.removeItem(STORED);
  }
  return status;
}

function remembered(): ProfileStatus | undefined {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(STORED) ?? "null");
    if (typeof kept !== "object" || kept === null) return undefined;
    const word = (key: "branch_code" | "branch_name"): string | null => {
      const value = (kept as Partial<Record<typeof key, unknown>>)[key];
      return typeof value === "string" ? value : null;
    };
    const [branch_code, branch_name] = [word("branch_code"), word("branch_name")];
    return { state: "ready", branch_code, branch_name, problem: null, warnings: [], version: "" };
  } catch {
    return undefined;
  }
}

/** A window that is not shown draws nothing; it waits no longer than this. */
const UNSEEN_MILLIS = 300;

/** Once what is on the page is drawn. */
const drawn = () =>
  new Promise<void>((done) => {
    requestAnimationFrame(() => setTimeout(done));
    setTimeout(done, UNSEEN_MILLIS);
  });

/** The profile's state, asked once and again after set-up and unlocking; until it is known, what it was last time. */
export function useProfile() {
  return useQuery({
    queryKey: PROFILE_KEY,
    queryFn: async () => {
      // Opening keeps a processor busy; a log-in that stands already is drawn first.
      if (remembered()) await drawn();
      return remember(await desk.profileStatus());
    },
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: remembered,
  });
}
