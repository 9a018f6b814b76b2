/** Ctrl+K: one search over claims, people, policies and actions, by keyboard alone. */
import {
  FileAddOutlined,
  FileTextOutlined,
  FolderOpenOutlined,
  LoadingOutlined,
  MessageOutlined,
  SearchOutlined,
  ThunderboltOutlined,
  UserOutlined,
} from "@ant-design/icons";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { Failure } from "@/components/failure";
import { desk, type Hit } from "@/lib/desk";
import { useMay } from "@/lib/session";
import { ACTIONS, actionMatches, type PaletteAction } from "./actions";
import "./palette.css";

const DEBOUNCE_MS = 120;
const LIMIT = 20;

type Kind = "claim" | "complaint" | "party" | "policy";
const KINDS: readonly Kind[] = ["claim", "complaint", "party", "policy"];
const ICONS: Record<Kind, ReactNode> = {
  claim: <FolderOpenOutlined />,
  complaint: <MessageOutlined />,
  party: <UserOutlined />,
  policy: <FileTextOutlined />,
};

type Entry = { type: "action"; action: PaletteAction; label: string } | { type: "hit"; kind: Kind; hit: Hit };

function useDebounced(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = window.setTimeout(() => setSettled(value), DEBOUNCE_MS);
    return () => window.clearTimeout(timer);
  }, [value]);
  return settled;
}

/** Where a hit opens. */
function pathOf(kind: Kind, hit: Hit): string {
  if (kind === "claim") return `/claims/${encodeURIComponent(hit.id)}`;
  if (kind === "complaint") return `/complaints/${encodeURIComponent(hit.id)}`;
  if (kind === "party") return `/people/${encodeURIComponent(hit.id)}`;
  return `/policies/${encodeURIComponent(hit.no)}`;
}

interface PaletteProps {
  onClose: () => void;
  onLock: () => void;
  onChangeUser: () => void;
}

/** The search palette; mounted while it is open. */
export function Palette({ onClose, onLock, onChangeUser }: PaletteProps) {
  const { t } = useTranslation("search");
  const may = useMay();
  const navigate = useNavigate();
  const list = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState(0);
  const query = useDebounced(typed).trim();

  useEffect(() => {
    const element = dialog.current;
    if (element && !element.open) element.showModal?.();
    return () => element?.close?.();
  }, []);

  const search = useQuery({
    queryKey: ["search", query],
    queryFn: () => desk.search(query, null, LIMIT),
    enabled: query !== "",
    // The former hits stay until the new ones are there: the list does not flicker while someone types.
    placeholderData: keepPreviousData,
    gcTime: 0,
  });

  const hits = typed.trim() === "" ? [] : (search.data ?? []);
  const actions: Entry[] = ACTIONS.filter((action) => action.right === null || may(action.right))
    .map((action) => ({ type: "action" as const, action, label: t(`action.${action.id}`) }))
    .filter((entry) => actionMatches(typed, entry.label, t(`keywords.${entry.action.id}`)));
  const found: Entry[] = KINDS.flatMap((kind) =>
    hits.filter((hit) => hit.kind === kind).map((hit) => ({ type: "hit" as const, kind, hit })),
  );
  // What was found comes first; with nothing typed the actions are what there is.
  const entries = [...found, ...actions];
  const at = Math.min(chosen, Math.max(0, entries.length - 1));

  const open = (entry: Entry | undefined) => {
    if (!entry) return;
    onClose();
    if (entry.type === "hit") void navigate(pathOf(entry.kind, entry.hit));
    else if (entry.action.path !== null) void navigate(entry.action.path);
    else if (entry.action.id === "lock") onLock();
    else onChangeUser();
  };

  const pressed = (event: KeyboardEvent) => {
    // An input method uses the same keys to choose its words.
    if (event.nativeEvent.isComposing) return;
    const moves: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + 8,
      PageUp: at - 8,
    };
    const next = moves[event.key];
    if (next !== undefined) {
      event.preventDefault();
      setChosen(Math.min(Math.max(0, next), Math.max(0, entries.length - 1)));
    } else if (event.key === "Enter") {
      event.preventDefault();
      // The list may still show what an earlier word found.
      if (found.length > 0 && (query !== typed.trim() || search.isPlaceholderData)) return;
      open(entries[at]);
    }
  };

  const heading = (entry: Entry) => (entry.type === "hit" ? t(`common:hitKind.${entry.kind}`) : t("actions"));
  const settled = query === typed.trim() && !search.isFetching;
  return (
    <dialog
      ref={dialog}
      className="palette"
      aria-label={t("title")}
      data-testid="palette"
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onMouseDown={(event) => {
        if (event.target === dialog.current) onClose();
      }}
    >
      <div className="palette-box">
        <div className="palette-field">
          {search.isFetching ? <LoadingOutlined /> : <SearchOutlined />}
          <input
            autoFocus
            role="combobox"
            aria-expanded="true"
            aria-controls={list}
            aria-autocomplete="list"
            aria-activedescendant={entries.length > 0 ? `${list}-${at}` : undefined}
            aria-label={t("title")}
            placeholder={t("placeholder")}
            spellCheck={false}
            autoComplete="off"
            data-testid="palette-input"
            value={typed}
            onChange={(event) => {
              setTyped(event.target.value);
              setChosen(0);
            }}
            onKeyDown={pressed}
          />
          <kbd>Esc</kbd>
        </div>
        <Failure error={search.error} testId="palette-error" />
        <div className="palette-list" id={list} role="listbox" aria-label={t("results")}>
          {entries.map((entry, index) => {
            const before = entries[index - 1];
            const title = heading(entry);
            const key = entry.type === "hit" ? `${entry.kind}-${entry.hit.id}` : entry.action.id;
            return (
              <div key={key} role="presentation">
                {(!before || heading(before) !== title) && (
                  <div className="palette-heading" role="presentation">
                    {title}
                  </div>
                )}
                <Option
                  id={`${list}-${index}`}
                  entry={entry}
                  here={index === at}
                  onOpen={() => open(entry)}
                  onPoint={() => setChosen(index)}
                />
              </div>
            );
          })}
        </div>
        {typed.trim() !== "" && settled && found.length === 0 && !search.error && (
          <p className="palette-none quiet" role="status" data-testid="palette-none">
            {t("none", { query: typed.trim() })}
          </p>
        )}
        <p className="palette-foot quiet">{t("keys")}</p>
      </div>
    </dialog>
  );
}

interface OptionProps {
  id: string;
  entry: Entry;
  here: boolean;
  onOpen: () => void;
  onPoint: () => void;
}

function Option({ id, entry, here, onOpen, onPoint }: OptionProps) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (here) element.current?.scrollIntoView({ block: "nearest" });
  }, [here]);
  const icon =
    entry.type === "hit" ? (
      ICONS[entry.kind]
    ) : entry.action.id === "visit" ? (
      <FileAddOutlined />
    ) : (
      <ThunderboltOutlined />
    );
  return (
    <div
      ref={element}
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={here}
      className={here ? "palette-option palette-here" : "palette-option"}
      data-testid={entry.type === "hit" ? `palette-hit-${entry.kind}` : `palette-action-${entry.action.id}`}
      onMouseMove={onPoint}
      onMouseDown={(event) => {
        event.preventDefault();
        onOpen();
      }}
    >
      <span className="quiet">{icon}</span>
      <span className="cut">{entry.type === "hit" ? entry.hit.title : entry.label}</span>
      {entry.type === "hit" && <span className="palette-subtitle quiet cut">{entry.hit.subtitle}</span>}
      {entry.type === "hit" && entry.kind !== "party" && !entry.hit.title.includes(entry.hit.no) && (
        <span className="palette-no quiet figures">{entry.hit.no}</span>
      )}
    </div>
  );
}
