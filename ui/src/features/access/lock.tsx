/** The lock: after a time without input, or at once. The page stays mounted beneath, so nothing typed is lost. */
import { useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { desk, type Session } from "@/lib/desk";
import { savesUnderWay } from "@/lib/saves";
import { useSetSession } from "@/lib/session";
import { LoginForm } from "./login";
import { AccessShell } from "./shell";

const INPUTS = ["keydown", "pointerdown", "wheel", "input"] as const;
const CHECK_EVERY_MS = 1000;
const TOUCH_EVERY_MS = 30_000;

/** Calls `onIdle` once when no key, pointer or wheel has moved for the given seconds; tells Rust while someone works. */
export function useIdle(seconds: number, active: boolean, onIdle: () => void): void {
  const idle = useRef(onIdle);
  idle.current = onIdle;
  useEffect(() => {
    if (!active || seconds <= 0) return;
    let last = Date.now();
    let touched = Date.now();
    const seen = () => {
      last = Date.now();
      if (last - touched < TOUCH_EVERY_MS) return;
      touched = last;
      // A session that ended meanwhile shows itself at the next command; the touch itself has nothing to say.
      desk.sessionTouch().catch(() => {});
    };
    for (const name of INPUTS) window.addEventListener(name, seen, { capture: true, passive: true });
    const timer = window.setInterval(() => {
      if (Date.now() - last >= seconds * 1000) idle.current();
    }, CHECK_EVERY_MS);
    return () => {
      for (const name of INPUTS) window.removeEventListener(name, seen, { capture: true });
      window.clearInterval(timer);
    };
  }, [seconds, active]);
}

/** Lets what is being saved finish, at most two seconds, before the session is closed. */
export async function settleSaves(): Promise<void> {
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  const until = Date.now() + 2000;
  do {
    await new Promise((resolve) => setTimeout(resolve, 50));
  } while (savesUnderWay() > 0 && Date.now() < until);
}

/** Covers everything until the same person's password, or another person's log-in. */
export function LockOverlay({ session, onUnlocked }: { session: Session; onUnlocked: () => void }) {
  const { t } = useTranslation("access");
  const dialog = useRef<HTMLDialogElement>(null);
  const client = useQueryClient();
  const setSession = useSetSession();
  const navigate = useNavigate();

  useEffect(() => {
    const element = dialog.current;
    // A native modal dialog lies above every popup and makes the page beneath inert.
    if (element && !element.open) element.showModal?.();
    return () => element?.close?.();
  }, []);

  const change = async () => {
    await desk.sessionLogout().catch(() => {});
    onUnlocked();
    setSession.replace(null);
    void navigate("/login", { replace: true });
  };

  return (
    <dialog
      ref={dialog}
      className="lock-overlay"
      aria-label={t("lock.title")}
      data-testid="lock-overlay"
      onCancel={(event) => event.preventDefault()}
    >
      <AccessShell subtitle={session.branch_name}>
        <div className="stack">
          <div>
            <h2>{t("lock.title")}</h2>
            <p className="quiet">{t("lock.kept", { name: session.display_name })}</p>
          </div>
          <LoginForm
            fixedUser={session.user}
            testId="lock"
            submitLabel={t("lock.submit")}
            onDone={(fresh) => {
              setSession.keep(fresh);
              void client.invalidateQueries();
              onUnlocked();
            }}
          />
          <Button type="text" onClick={() => void change()} data-testid="lock-change-user">
            {t("lock.changeUser")}
          </Button>
        </div>
      </AccessShell>
    </dialog>
  );
}
