// Choosing from a numbered list by typing its number, two digits where the list is long enough to need them.

export type NumberKeys = { press: (digit: string) => void; settle: () => void; stop: () => void };

/** `choose` gets the place counted from 1. A digit that could begin a longer number waits a moment for the next. */
export function numberKeys(count: () => number, choose: (place: number) => void, wait = 700): NumberKeys {
  let typed = "";
  let timer: ReturnType<typeof setTimeout> | null = null;
  const settle = (): void => {
    if (timer) clearTimeout(timer);
    timer = null;
    const place = Number(typed);
    typed = "";
    if (place >= 1 && place <= count()) choose(place);
  };
  return {
    press: (digit) => {
      typed = Number(typed + digit) <= count() ? typed + digit : digit;
      if (timer) clearTimeout(timer);
      if (Number(typed) * 10 > count()) settle();
      else timer = setTimeout(settle, wait);
    },
    settle,
    stop: () => {
      if (timer) clearTimeout(timer);
      timer = null;
      typed = "";
    },
  };
}
