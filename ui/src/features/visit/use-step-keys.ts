// Alt+→ or Ctrl+Enter leads on, Alt+← back. Esc is left alone: it closes what is open and never loses text.

import { useEffect, useRef } from "react";

export function useStepKeys(next: (() => void) | null, back: (() => void) | null): void {
  const latest = useRef({ next, back });
  latest.current = { next, back };
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      // A dialog in front has its own keys.
      if (document.querySelector("dialog[open], .ant-modal-wrap:not([style*='display: none'])")) return;
      const forward =
        (event.altKey && event.key === "ArrowRight") || (event.ctrlKey && event.key === "Enter");
      const backward = event.altKey && event.key === "ArrowLeft";
      const act = forward ? latest.current.next : backward ? latest.current.back : null;
      if (!forward && !backward) return;
      event.preventDefault();
      act?.();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
}
