/** One conflict side by side: what stands, what each desk wanted, and the decision with its reason. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Checkbox, Input, Spin, Table, type TableProps, Tag } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { Failure } from "@/components/failure";
import { type Conflict, desk, type JsonValue, useText } from "@/lib/desk";
import { formatShort } from "@/lib/format";
import { keepTyped, typedAt } from "@/lib/typed";
import { clashes, columnsOf, type FieldRow, rowsOf } from "./sides";
import "./sync.css";

/** The screen. */
export default function ConflictScreen() {
  const { id = "" } = useParams();
  const { t } = useTranslation("sync");
  const text = useText();
  const known = useQuery({ queryKey: ["conflict", id], queryFn: () => desk.conflictGet(id) });
  if (known.error) {
    return (
      <div className="screen">
        <Failure error={known.error} onRetry={() => void known.refetch()} testId="conflict-failure" />
      </div>
    );
  }
  const conflict = known.data;
  if (!conflict) return <Spin className="centred" />;
  const { row } = conflict;
  return (
    <div className="screen stack" data-testid="conflict" data-open={row.open}>
      <div className="row">
        <h1>{t("conflict.heading", { what: text(row.kind_name) })}</h1>
        {row.claim_id && (
          <Link className="figures" to={`/claims/${row.claim_id}`} data-testid="conflict-claim">
            {row.claim_no}
          </Link>
        )}
        <Tag color={row.open ? "red" : undefined}>{t(row.open ? "conflict.open" : "conflict.decided")}</Tag>
        <span className="row-end" />
        <Link to="/sync">{t("conflict.back")}</Link>
      </div>
      <p className="quiet">{t(row.open ? "conflict.intro" : "conflict.introDecided")}</p>
      <Sides key={id} conflict={conflict} />
    </div>
  );
}

function Sides({ conflict }: { conflict: Conflict }) {
  const { t } = useTranslation("sync");
  const text = useText();
  const deciding = conflict.row.open && conflict.may_decide;
  const place = `conflict/${conflict.row.id}`;
  const kept = useQuery({
    queryKey: ["typed", place],
    queryFn: () => typedAt(place),
    enabled: deciding,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  const [typed, setTyped] = useState<Choice | null>(null);
  const { taken, reason } = typed ?? choiceOf(kept.data ?? null, conflict);
  const choose = (next: Partial<Choice>): void => {
    const choice = { taken, reason, ...next };
    setTyped(choice);
    keepTyped(place, choice);
  };
  const columns: TableProps<FieldRow>["columns"] = [
    { title: t("conflict.field"), width: 160, render: (_, row) => text(row.name) },
    {
      title: (
        <div className="sync-side">
          <strong>
            {t(conflict.row.open ? "conflict.standing" : "conflict.stood")}
            {!conflict.row.open && conflict.taken.length === 0 && (
              <Tag color="blue">{t("conflict.kept")}</Tag>
            )}
          </strong>
          {conflict.standing && (
            <span className="quiet">
              {text(conflict.standing.what)} · {conflict.standing.by} · {formatShort(conflict.standing.at)}
            </span>
          )}
        </div>
      ),
      width: 260,
      render: (_, row) => text(row.standing),
    },
    ...columnsOf(conflict).map(({ operation, side }, index) => ({
      key: operation,
      width: 260,
      title: (
        <div className="sync-side">
          <strong>
            {text(side.what)}{" "}
            {conflict.taken.includes(operation) && <Tag color="blue">{t("conflict.taken")}</Tag>}
          </strong>
          <span className="quiet">
            {side.by} · {t("conflict.desk", { code: side.device_code })} · {formatShort(side.at)}
          </span>
          {deciding && (
            <Checkbox
              checked={taken.includes(operation)}
              disabled={clashes(conflict, taken, operation)}
              onChange={(event) =>
                choose({
                  taken: event.target.checked
                    ? [...taken, operation]
                    : taken.filter((each) => each !== operation),
                })
              }
            >
              <span data-testid={`conflict-take-${index}`}>{t("conflict.take")}</span>
            </Checkbox>
          )}
        </div>
      ),
      render: (_: unknown, row: FieldRow) => {
        const wanted = row.wanted.get(operation);
        return wanted ? text(wanted) : <span className="quiet">{t("conflict.untouched")}</span>;
      },
    })),
  ];
  return (
    <>
      <Table<FieldRow>
        className="panel sync-sides"
        size="middle"
        bordered
        rowKey="field"
        columns={columns}
        dataSource={rowsOf(conflict)}
        pagination={false}
        data-testid="conflict-sides"
      />
      {conflict.row.open && !conflict.may_decide && (
        <Alert type="info" showIcon title={t("conflict.notYours")} data-testid="conflict-not-yours" />
      )}
      {deciding && !kept.isPending && (
        <Decide
          conflict={conflict}
          taken={taken}
          reason={reason}
          onReason={(next) => choose({ reason: next })}
        />
      )}
      {!conflict.row.open && (
        <section className="panel panel-body stack-tight" data-testid="conflict-decision">
          <p>
            {t("conflict.decidedBy", {
              by: conflict.decided_by ?? "",
              at: formatShort(conflict.decided_at),
            })}
          </p>
          <p>{conflict.reason}</p>
        </section>
      )}
    </>
  );
}

type Choice = { taken: string[]; reason: string };

/** A choice that was kept, of what can still be chosen; nothing chosen when there is none. */
function choiceOf(kept: JsonValue, conflict: Conflict): Choice {
  const known = kept !== null && typeof kept === "object" && !Array.isArray(kept) ? kept : {};
  return {
    taken: columnsOf(conflict)
      .map(({ operation }) => operation)
      .filter((operation) => Array.isArray(known.taken) && known.taken.includes(operation)),
    reason: typeof known.reason === "string" ? known.reason : "",
  };
}

type DecideProps = Choice & { conflict: Conflict; onReason: (reason: string) => void };

function Decide({ conflict, taken, reason, onReason }: DecideProps) {
  const { t } = useTranslation("sync");
  const client = useQueryClient();
  const decide = useMutation({
    mutationFn: () => desk.conflictDecide(conflict.row.id, taken, reason.trim()),
    onSuccess: () => {
      keepTyped(`conflict/${conflict.row.id}`, null);
      return client.invalidateQueries();
    },
  });
  return (
    <section className="panel panel-body stack-tight">
      <label htmlFor="conflict-reason">{t("conflict.reason")}</label>
      <Input.TextArea
        id="conflict-reason"
        value={reason}
        maxLength={500}
        autoSize={{ minRows: 2, maxRows: 5 }}
        onChange={(event) => onReason(event.target.value)}
        data-testid="conflict-reason"
      />
      <Failure error={decide.error} testId="conflict-decide-failure" />
      <div className="row">
        <Button
          type="primary"
          disabled={reason.trim().length < 2}
          loading={decide.isPending}
          onClick={() => decide.mutate()}
          data-testid="conflict-decide"
        >
          {t(taken.length > 0 ? "conflict.decideTake" : "conflict.decideKeep")}
        </Button>
        <span className="quiet">{t("conflict.final")}</span>
      </div>
    </section>
  );
}
