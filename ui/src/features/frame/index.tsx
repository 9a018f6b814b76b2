/** The frame around every screen: top bar, rail, status line, search, lock. */
import { useCallback, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { NavLink, Outlet, useLocation, useNavigate } from "react-router";
import { LockOverlay, settleSaves, useIdle } from "@/features/access/lock";
import { Palette } from "@/features/search/palette";
import { desk, onSessionOver } from "@/lib/desk";
import { setPreferences, usePreferences } from "@/lib/preferences";
import { useMay, useSession, useSetSession } from "@/lib/session";
import "./frame.css";
import { PLACES, placeOf } from "./places";
import { RailToggle } from "./rail-toggle";
import { StatusLine } from "./status-line";
import { TopBar } from "./top-bar";

/** The frame; only for someone who is logged in. */
export function Frame() {
  const { t } = useTranslation("frame");
  const session = useSession();
  const may = useMay();
  const navigate = useNavigate();
  const location = useLocation();
  const setSession = useSetSession();
  const { railNarrow } = usePreferences();
  const [locked, setLocked] = useState(false);
  const [searching, setSearching] = useState(false);
  const mayRegister = may("claim_register");

  const lock = useCallback(async () => {
    setSearching(false);
    await settleSaves();
    setLocked(true);
    await desk.sessionLogout().catch(() => {});
  }, []);

  const changeUser = useCallback(async () => {
    await settleSaves();
    await desk.sessionLogout().catch(() => {});
    setSession.replace(null);
    void navigate("/login", { replace: true });
  }, [navigate, setSession]);

  useIdle(session.idle_lock_seconds, !locked, () => void lock());

  // The desk's own clock ended the session: the same lock, so that what is open stays.
  useEffect(() => onSessionOver(() => setLocked(true)), []);

  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (locked) return;
      const chord = event.ctrlKey || event.metaKey;
      if (chord && !event.altKey && event.key.toLowerCase() === "k") {
        event.preventDefault();
        setSearching(true);
      } else if (event.key === "F2" && mayRegister) {
        event.preventDefault();
        setSearching(false);
        void navigate("/visit/new");
      } else if (chord && event.key.toLowerCase() === "l") {
        event.preventDefault();
        void lock();
      }
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, [locked, lock, mayRegister, navigate]);

  const here = placeOf(location.pathname);
  return (
    <div className={railNarrow ? "frame frame-narrow" : "frame"} data-testid="frame">
      <TopBar
        onSearch={() => setSearching(true)}
        onLock={() => void lock()}
        onChangeUser={() => void changeUser()}
      />
      <nav className="frame-rail" aria-label={t("rail")}>
        {PLACES.filter((place) => place.right === null || may(place.right)).map((place) => (
          <NavLink
            key={place.id}
            to={place.path}
            className={here === place.id ? "rail-item rail-here" : "rail-item"}
            aria-current={here === place.id ? "page" : undefined}
            data-testid={`rail-${place.id}`}
            title={railNarrow ? t(`place.${place.id}`) : undefined}
            aria-label={t(`place.${place.id}`)}
          >
            {place.icon}
            <span className="rail-text">{t(`place.${place.id}`)}</span>
          </NavLink>
        ))}
        <RailToggle narrow={railNarrow} onToggle={() => setPreferences({ railNarrow: !railNarrow })} />
      </nav>
      <main className="frame-work">
        <Outlet />
      </main>
      <StatusLine paused={locked} />
      {searching && (
        <Palette
          onClose={() => setSearching(false)}
          onLock={() => void lock()}
          onChangeUser={() => void changeUser()}
        />
      )}
      {locked && <LockOverlay session={session} onUnlocked={() => setLocked(false)} />}
    </div>
  );
}
