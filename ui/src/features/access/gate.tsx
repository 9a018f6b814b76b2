/** Decides what stands before the desk: set-up, unlocking, log-in, or nothing. */
import { Spin } from "antd";
import type { ReactNode } from "react";
import { Navigate } from "react-router";
import { Failure } from "@/components/failure";
import type { ProfileStatus, Session } from "@/lib/desk";
import { useProfile } from "@/lib/profile";
import { SessionContext, useSessionQuery } from "@/lib/session";

/** Where the page belongs in a state of profile and session. */
export function placeFor(
  status: ProfileStatus,
  session: Session | null,
): "/setup" | "/unlock" | "/login" | "/" {
  if (status.state === "absent") return "/setup";
  if (status.state !== "ready") return "/unlock";
  return session ? "/" : "/login";
}

/** Lets the desk through for whoever is logged in. */
export function Gate({ children }: { children: ReactNode }) {
  const profile = useProfile();
  const ready = profile.data?.state === "ready";
  const session = useSessionQuery(ready);
  const error = profile.error ?? session.error;
  if (error) {
    return (
      <div className="centred access-page">
        <Failure error={error} onRetry={() => void (profile.error ? profile : session).refetch()} />
      </div>
    );
  }
  if (!profile.data || (ready && session.data === undefined)) {
    return (
      <div className="centred">
        <Spin />
      </div>
    );
  }
  const place = placeFor(profile.data, session.data ?? null);
  if (place !== "/" || !session.data) return <Navigate to={place} replace />;
  return <SessionContext value={session.data}>{children}</SessionContext>;
}
