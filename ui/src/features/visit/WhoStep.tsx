// Who is this about: one search over policies and people, led by the arrow keys, or nobody known yet.

import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Input, type InputRef, Tag } from "antd";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Failure } from "@/components/failure";
import { desk, type Hit, type PolicyView } from "@/lib/desk";

export type Chosen = { policy: Hit | null; party: Hit | null };

type Props = { onChoose: (chosen: Chosen) => void; onNew: (() => void) | null };

const policyHit = (policy: PolicyView): Hit => ({
  kind: "policy",
  id: policy.id,
  no: policy.no,
  title: policy.no,
  subtitle: policy.product_name,
});

const SETTLE = 150;
const LIMIT = 12;

export function WhoStep({ onChoose, onNew }: Props) {
  const { t } = useTranslation("visit");
  const [typed, setTyped] = useState("");
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const [person, setPerson] = useState<Hit | null>(null);
  const input = useRef<InputRef>(null);
  useEffect(() => input.current?.focus(), []);
  useEffect(() => {
    const timer = setTimeout(() => setQuery(typed.trim()), SETTLE);
    return () => clearTimeout(timer);
  }, [typed]);
  const found = useQuery({
    queryKey: ["search", "visit", query],
    queryFn: () => desk.search(query, null, 30),
    enabled: query !== "",
  });
  const hits = (found.data ?? []).filter((hit) => hit.kind !== "complaint").slice(0, LIMIT);
  const current = Math.min(at, Math.max(0, hits.length - 1));
  const choose = (hit: Hit | undefined): void => {
    if (hit?.kind === "policy") onChoose({ policy: hit, party: null });
    if (hit?.kind === "party") setPerson(hit);
  };
  const press = (event: KeyboardEvent): void => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      setAt(
        Math.min(Math.max(0, current + (event.key === "ArrowDown" ? 1 : -1)), Math.max(0, hits.length - 1)),
      );
    }
    // An Enter that ends the choice of characters belongs to the input method.
    if (event.key === "Enter" && !event.ctrlKey && !event.nativeEvent.isComposing && query === typed.trim())
      choose(hits[current]);
    if (event.altKey && event.key.toLowerCase() === "n") {
      event.preventDefault();
      onNew?.();
    }
  };
  if (person) return <PersonPolicies person={person} onChoose={onChoose} onBack={() => setPerson(null)} />;
  return (
    <div className="visit-narrow">
      <p className="visit-subhead">{t("who.title")}</p>
      <Input
        ref={input}
        className="who-search"
        size="large"
        value={typed}
        placeholder={t("who.placeholder")}
        aria-label={t("who.title")}
        role="combobox"
        aria-expanded={hits.length > 0}
        aria-controls="who-hits"
        aria-activedescendant={hits[current] ? `who-hit-${current}` : undefined}
        onChange={(event) => {
          setTyped(event.target.value);
          setAt(0);
        }}
        onKeyDown={press}
        data-testid="who-search"
      />
      <Failure error={found.error} onRetry={() => void found.refetch()} />
      {hits.length > 0 && (
        <div
          className="hit-list"
          id="who-hits"
          role="listbox"
          tabIndex={-1}
          aria-label={t("who.title")}
          data-testid="who-hits"
        >
          {hits.map((hit, index) => (
            <HitRow
              key={`${hit.kind}-${hit.id}`}
              hit={hit}
              index={index}
              selected={index === current}
              onChoose={() => choose(hit)}
            />
          ))}
        </div>
      )}
      {query !== "" && found.isSuccess && hits.length === 0 && (
        <p data-testid="who-none">{t("who.none", { query })}</p>
      )}
      {query === "" && <p className="quiet">{t("who.hint")}</p>}
      {onNew && (
        <p className="who-new">
          <Button onClick={onNew} data-testid="who-new">
            {t("who.new")} <kbd className="key">Alt+N</kbd>
          </Button>
        </p>
      )}
    </div>
  );
}

type RowProps = { hit: Hit; index: number; selected: boolean; onChoose: () => void };

function HitRow({ hit, index, selected, onChoose }: RowProps) {
  const { t } = useTranslation("visit");
  const cells = (
    <>
      <Tag>{t(`common:hitKind.${hit.kind}`)}</Tag>
      <strong>{hit.title}</strong>
      <span className="quiet">{hit.subtitle}</span>
      <span className="quiet">
        {hit.kind === "claim"
          ? t("who.open_claim")
          : hit.no === hit.title
            ? ""
            : hit.kind === "policy"
              ? hit.no
              : ""}
      </span>
    </>
  );
  const shared = {
    id: `who-hit-${index}`,
    className: "hit",
    role: "option",
    "aria-selected": selected,
    tabIndex: -1,
    "data-testid": `who-hit-${index}`,
    "data-kind": hit.kind,
  };
  if (hit.kind === "claim") {
    return (
      <Link to={`/claims/${hit.id}`} {...shared}>
        {cells}
      </Link>
    );
  }
  return (
    <button type="button" {...shared} onClick={onChoose}>
      {cells}
    </button>
  );
}

type PersonProps = { person: Hit; onChoose: (chosen: Chosen) => void; onBack: () => void };

/** Which of this person's policies; the person comes along as the one who reports. */
function PersonPolicies({ person, onChoose, onBack }: PersonProps) {
  const { t } = useTranslation("visit");
  const view = useQuery({ queryKey: ["party", person.id], queryFn: () => desk.partyGet(person.id) });
  const first = useRef<HTMLButtonElement>(null);
  const ready = view.isSuccess;
  useEffect(() => {
    if (ready) first.current?.focus();
  }, [ready]);
  const policies = view.data?.policies ?? [];
  const move = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    const rows = [...event.currentTarget.querySelectorAll<HTMLButtonElement>("button.hit")];
    const here = rows.indexOf(document.activeElement as HTMLButtonElement);
    rows[Math.min(Math.max(0, here + (event.key === "ArrowDown" ? 1 : -1)), rows.length - 1)]?.focus();
  };
  return (
    <div className="visit-narrow">
      <p className="visit-subhead">{t("who.policies_of", { name: person.title })}</p>
      <Failure error={view.error} onRetry={() => void view.refetch()} />
      {ready && policies.length === 0 && (
        <Alert type="info" showIcon title={t("who.no_policies", { name: person.title })} />
      )}
      <ul className="hit-list" onKeyDown={move} data-testid="who-policies">
        {policies.map((policy, index) => (
          <li key={policy.id}>
            <button
              type="button"
              className="hit"
              ref={index === 0 ? first : null}
              onClick={() => onChoose({ policy: policyHit(policy), party: person })}
              data-testid={`who-policy-${index}`}
            >
              <Tag>{t(`common:policyStatus.${policy.status}`, { defaultValue: policy.status })}</Tag>
              <strong>{policy.no}</strong>
              <span className="quiet">
                {policy.product_name} {policy.plate ?? ""}
              </span>
              <span className="quiet figures">
                {policy.inception} – {policy.expiry}
              </span>
            </button>
          </li>
        ))}
        <li>
          <button
            type="button"
            className="hit"
            ref={policies.length === 0 ? first : null}
            onClick={() => onChoose({ policy: null, party: person })}
            data-testid="who-policy-none"
          >
            <Tag>{t("unverified")}</Tag>
            <strong>{t("who.other_policy")}</strong>
            <span className="quiet">{t("who.other_policy_hint")}</span>
          </button>
        </li>
      </ul>
      <p className="who-new">
        <Button onClick={onBack} data-testid="who-again">
          {t("who.again")}
        </Button>
      </p>
    </div>
  );
}
