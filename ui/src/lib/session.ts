/** Who is at the desk. The session lives in Rust; the page keeps the answer of the last question. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import { desk, type Right, type Session } from "@/lib/desk";

const SESSION_KEY = ["session"] as const;

/** Answers that belong to the computer, not to a person, and survive a change of user. */
const SHARED: readonly unknown[] = ["session", "profile", "templates"];

/** The current session as a query, for the gate that decides between log-in and the desk. */
export function useSessionQuery(enabled: boolean) {
  return useQuery({
    queryKey: SESSION_KEY,
    queryFn: () => desk.sessionCurrent(),
    staleTime: Number.POSITIVE_INFINITY,
    enabled,
  });
}

/** Puts the answer of a log-in or log-out where everyone sees it. */
export function useSetSession() {
  const client = useQueryClient();
  return {
    /** Another person, or no one: nothing of the one before may stay on the screen. */
    replace: (session: Session | null) => {
      client.setQueryData(SESSION_KEY, session);
      client.removeQueries({ predicate: (query) => !SHARED.includes(query.queryKey[0]) });
    },
    /** The same person came back: what is open stays. */
    keep: (session: Session) => {
      client.setQueryData(SESSION_KEY, session);
    },
  };
}

export const SessionContext = createContext<Session | null>(null);

/** The person at the desk. Only inside the frame, where there always is one. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("useSession outside the frame");
  return session;
}

/** Whether the person may do something; the desk checks again, this only decides what is offered. */
export function useMay(): (right: Right) => boolean {
  const session = useSession();
  return (right) => session.rights.includes(right);
}
