/** Accounts: who may log in, and as what. Every change carries its reason. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Space, Table, type TableProps } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/failure";
import { type AccountRow, desk } from "@/lib/desk";
import { type Change, ChangeAccount } from "./change-account";
import { CreateAccount } from "./create-account";

const ACCOUNTS_KEY = ["accounts"] as const;

/** The list with its changes. */
export function Accounts() {
  const { t } = useTranslation("settings");
  const client = useQueryClient();
  const [creating, setCreating] = useState(false);
  const [changing, setChanging] = useState<{ account: AccountRow; change: Change } | null>(null);
  const accounts = useQuery({ queryKey: ACCOUNTS_KEY, queryFn: () => desk.accountList() });
  const refresh = () => void client.invalidateQueries({ queryKey: ACCOUNTS_KEY });
  const action = (account: AccountRow, change: Change) => (
    <Button
      type="link"
      size="small"
      onClick={() => setChanging({ account, change })}
      data-testid={`account-${change}-${account.user}`}
    >
      {t(`accounts.${change}`)}
    </Button>
  );
  const columns: TableProps<AccountRow>["columns"] = [
    { title: t("accounts.user"), dataIndex: "user", width: 160 },
    { title: t("accounts.name"), dataIndex: "display_name", width: 160 },
    { title: t("accounts.roleName"), width: 160, render: (_, row) => t(`common:role.${row.role}`) },
    {
      title: t("accounts.state"),
      width: 88,
      render: (_, row) =>
        row.disabled ? <span className="quiet">{t("accounts.disabled")}</span> : t("accounts.enabled"),
    },
    {
      title: t("accounts.actions"),
      render: (_, row) => (
        <Space size={0}>
          {action(row, "role")}
          {action(row, "password")}
          {action(row, row.disabled ? "enable" : "disable")}
        </Space>
      ),
    },
  ];
  return (
    <div className="stack">
      <div className="row">
        <p className="quiet">{t("accounts.intro")}</p>
        <Button
          type="primary"
          className="row-end"
          onClick={() => setCreating(true)}
          data-testid="account-new"
        >
          {t("accounts.new")}
        </Button>
      </div>
      <Failure error={accounts.error} onRetry={() => void accounts.refetch()} testId="accounts-error" />
      <div className="panel" data-testid="account-list">
        <Table<AccountRow>
          size="small"
          rowKey="id"
          loading={accounts.isPending}
          columns={columns}
          dataSource={accounts.data ?? []}
          pagination={false}
        />
      </div>
      {creating && (
        <CreateAccount
          onClose={() => setCreating(false)}
          onDone={() => {
            setCreating(false);
            refresh();
          }}
        />
      )}
      {changing && (
        <ChangeAccount
          account={changing.account}
          change={changing.change}
          onClose={() => setChanging(null)}
          onDone={() => {
            setChanging(null);
            refresh();
          }}
        />
      )}
    </div>
  );
}
